// Zooms and pans the frames inside an element together: by wheel where it has the focus or with Ctrl (as a trackpad's pinch
// comes), by two fingers, by dragging, by keys.

import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { type Place, pannedBy, WHOLE, type Zoom, zoomedBy } from "./zoom.ts";

/** Of a step by key or button. */
const STEP = 1.5;
/** Shares of the frame that a key pans by. */
const PAN = 0.1;
/** Of a wheel's pixels to a zoom. */
const WHEEL = 0.002;

export interface ZoomControl {
  readonly zoom: Zoom;
  readonly element: RefObject<HTMLDivElement | null>;
  closer(): void;
  farther(): void;
  reset(): void;
  /** True when the key was for this. */
  takeKey(event: KeyboardEvent): boolean;
  readonly handlers: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerUp(event: PointerEvent): void;
    onPointerCancel(event: PointerEvent): void;
  };
}

/** @param frame selector of the frames inside the element */
export function useZoom(frame: string): ZoomControl {
  const [zoom, setZoom] = useState(WHOLE);
  const element = useRef<HTMLDivElement>(null);
  /** Where each finger is. */
  const fingers = useRef(new Map<number, Place>());

  useEffect(() => {
    const own = element.current;
    if (!own) return;
    // React's own listener is passive: it could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      const at = placeIn(frame, event);
      if (!at || !(event.ctrlKey || own.contains(document.activeElement))) return;
      event.preventDefault();
      setZoom((now) => zoomedBy(now, Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 5 : 1)), at));
    };
    own.addEventListener("wheel", onWheel, { passive: false });
    return () => own.removeEventListener("wheel", onWheel);
  }, [frame]);

  function onPointerMove(event: PointerEvent): void {
    const before = fingers.current.get(event.pointerId);
    const now = before && placeIn(frame, event);
    if (!before || !now) return;
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    if (other) {
      const spread = (place: Place) => Math.hypot(place.x - other.x, place.y - other.y);
      setZoom((zoom) => zoomedBy(zoom, spread(now) / Math.max(1e-3, spread(before)), middle(now, other)));
    } else setZoom((zoom) => pannedBy(zoom, { x: now.x - before.x, y: now.y - before.y }));
  }
  const release = ({ pointerId }: PointerEvent) => void fingers.current.delete(pointerId);

  return {
    zoom,
    element,
    closer: () => setZoom((now) => zoomedBy(now, STEP)),
    farther: () => setZoom((now) => zoomedBy(now, 1 / STEP)),
    reset: () => setZoom(WHOLE),
    takeKey({ key, shiftKey }) {
      const pan = shiftKey && pans[key];
      const turn = pan ? (now: Zoom) => pannedBy(now, pan) : turns[key];
      if (turn) setZoom(turn);
      return turn !== undefined;
    },
    handlers: {
      onPointerDown(event) {
        const at = placeIn(frame, event);
        if (!at || event.button !== 0) return;
        (event.target as Element).setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, at);
      },
      onPointerMove,
      onPointerUp: release,
      onPointerCancel: release,
    },
  };
}

const pans: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: PAN, y: 0 },
  ArrowRight: { x: -PAN, y: 0 },
  ArrowUp: { x: 0, y: PAN },
  ArrowDown: { x: 0, y: -PAN },
};
const turns: Readonly<Record<string, (zoom: Zoom) => Zoom>> = {
  "+": (zoom) => zoomedBy(zoom, STEP),
  "=": (zoom) => zoomedBy(zoom, STEP),
  "-": (zoom) => zoomedBy(zoom, 1 / STEP),
  "0": () => WHOLE,
};

/** Of a pointer in the frame that it is over; undefined beside them. */
function placeIn(frame: string, { target, clientX, clientY }: MouseEvent | PointerEvent): Place | undefined {
  const box = target instanceof Element ? target.closest(frame)?.getBoundingClientRect() : undefined;
  return box && { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
}

function middle(a: Place, b: Place): Place {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
