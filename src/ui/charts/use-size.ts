// Width of an element and pixels per CSS pixel, kept up to date, for drawings that must be crisp.

import { type RefObject, useEffect, useRef, useState } from "react";

export function useSize(): readonly [
  RefObject<HTMLDivElement | null>,
  { readonly width: number; readonly ratio: number },
] {
  const element = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, ratio: 1 });
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, ratio: window.devicePixelRatio });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}
