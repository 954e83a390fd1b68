// Which rows of a long list are in sight, when all are equally high: only these need to exist.

import { type RefObject, useEffect, useRef, useState } from "react";

/** Rows beyond the edges, so that scrolling meets no blank. */
const BEYOND = 8;

export interface RowWindow {
  readonly box: RefObject<HTMLDivElement | null>;
  /** The rows from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  /** Scrolls as little as needed. */
  reveal(row: number): void;
}

/** @param head height of what sticks to the top of the box, CSS pixels */
export function useWindow(count: number, rowHeight: number, head: number): RowWindow {
  const box = useRef<HTMLDivElement>(null);
  // A first guess for what is drawn before there is a box.
  const [sight, setSight] = useState({ top: 0, height: 20 * rowHeight });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setSight({ top: element.scrollTop, height: element.clientHeight });
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  const end = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + BEYOND);
  return {
    box,
    first: Math.max(0, Math.min(end, Math.floor(sight.top / rowHeight) - BEYOND)),
    end,
    reveal(row) {
      const element = box.current;
      if (!element) return;
      const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight + head];
      element.scrollTop = Math.min(top, Math.max(element.scrollTop, bottom - element.clientHeight));
    },
  };
}
