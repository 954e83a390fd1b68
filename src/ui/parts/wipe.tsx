// Something laid over a picture and wiped away from the right: a slider stands on the line between the two.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";

const FINE = 0.01;
const COARSE = 0.1;

export function Wipe(props: {
  /** What lies on which side. */
  readonly label: string;
  /** Of the element that says why it is there. */
  readonly details: string;
  /** Share that is covered, 0 … 1. */
  readonly split: number;
  readonly onSplit: (split: number) => void;
  readonly children: ReactNode;
}) {
  const { label, details, split, onSplit } = props;
  const box = useRef<HTMLDivElement>(null);
  const set = (share: number) => onSplit(Math.min(1, Math.max(0, share)));
  function onKey(event: KeyboardEvent): void {
    const goals: Readonly<Record<string, number>> = {
      ArrowLeft: split - FINE,
      ArrowDown: split - FINE,
      ArrowRight: split + FINE,
      ArrowUp: split + FINE,
      PageDown: split - COARSE,
      PageUp: split + COARSE,
      Home: 0,
      End: 1,
    };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    set(goal);
  }
  function onPointer(event: PointerEvent): void {
    event.stopPropagation(); // the picture stays where it is
    const area = box.current?.getBoundingClientRect();
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    if (area && event.buttons > 0) set((event.clientX - area.left) / area.width);
  }
  const percent = Math.round(100 * split);
  return (
    <div ref={box} className="wipe">
      <div className="wipe-cover" style={{ clipPath: `inset(0 ${100 - 100 * split}% 0 0)` }}>
        {props.children}
      </div>
      <div
        className="wipe-handle"
        style={{ insetInlineStart: `${100 * split}%` }}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-details={details}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent} % of the reference`}
        onKeyDown={onKey}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
      />
    </div>
  );
}
