// Cells by row and stage, whatever they are drawn with: an ARIA grid for keyboard and screen reader, in which pointer
// and arrow keys choose one cell, and a note that says what it holds. One element for the chosen cell alone, because a
// table of every cell would be thousands.

import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject, useId, useRef, useState } from "react";
import { movedBy } from "../parts/grid-keys.ts";
import type { Span } from "./stages.ts";

export interface Cell {
  /** From the top. */
  readonly row: number;
  readonly stage: number;
}
/** What a cell holds. */
export interface CellNote {
  readonly title: string;
  readonly lines: readonly string[];
  /** All of it in one sentence. */
  readonly spoken: string;
}

export function CellGrid(props: {
  readonly label: string;
  readonly plot: RefObject<HTMLDivElement | null>;
  readonly rows: number;
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly height: number;
  readonly spans: readonly Span[];
  /** The row where keys begin. */
  readonly home: number;
  readonly note: (cell: Cell) => CellNote | undefined;
  /** What is drawn. */
  readonly children: ReactNode;
}) {
  const { rows, rowHeight, spans, home } = props;
  const id = useId();
  /** The cell was chosen by a key, so it may lie outside of what is scrolled into view. */
  const byKey = useRef(false);
  const [cell, setCell] = useState<Cell>();

  function onPointer(event: PointerEvent): void {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const stage = spans.findIndex(({ left, width }) => share < left + width);
    const row = Math.floor((event.clientY - box.top) / rowHeight);
    byKey.current = false;
    setCell(row >= 0 && row < rows && stage >= 0 ? { row, stage } : undefined);
  }

  function onKey(event: KeyboardEvent): void {
    const { row, stage } = cell ?? { row: home, stage: 0 };
    if (event.key === "Escape") setCell(undefined);
    const next = movedBy(event.key, { row, column: stage }, rows, spans.length);
    if (!next) return;
    event.preventDefault();
    byKey.current = true;
    setCell({ row: next.row, stage: next.column });
  }

  const note = cell && props.note(cell);
  const span = cell && spans[cell.stage];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of every cell would be thousands of elements
    <div
      ref={props.plot}
      className="cell-grid"
      style={{ blockSize: props.height, backgroundSize: `100% ${rowHeight}px` }}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rows}
      aria-colcount={spans.length}
      aria-activedescendant={note ? `${id}-cell` : undefined}
      onPointerMove={onPointer}
      onPointerLeave={() => setCell(undefined)}
      onKeyDown={onKey}
      onFocus={() => setCell(cell ?? (rows > 0 ? { row: home, stage: 0 } : undefined))}
      onBlur={() => setCell(undefined)}
    >
      {props.children}
      {cell && note && span && (
        <>
          <div
            ref={(mark) => {
              if (byKey.current) mark?.scrollIntoView({ block: "nearest" });
            }}
            className="cell-mark"
            style={{
              left: `${100 * span.left}%`,
              width: `${100 * span.width}%`,
              top: cell.row * rowHeight,
              height: rowHeight,
            }}
          />
          <div
            className={span.left > 0.6 ? "tooltip to-left" : "tooltip"}
            style={{ left: `${100 * span.left}%`, top: cell.row * rowHeight }}
          >
            <strong>{note.title}</strong>
            {note.lines.map((line) => (
              <span key={line}>{line}</span>
            ))}
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div role="row" className="hidden" aria-rowindex={cell.row + 1} tabIndex={-1}>
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            <div role="gridcell" id={`${id}-cell`} aria-colindex={cell.stage + 1} tabIndex={-1}>
              {note.spoken}
            </div>
          </div>
        </>
      )}
    </div>
  );
}
