// Every generation's schedules, one row each: how levels move between stages while the search goes on. A canvas for
// the eye, an ARIA grid of the same cells for keyboard and screen reader.

import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Heatmap, HeatmapRow } from "../../state/selectors.ts";
import { percent, score } from "../format.ts";
import { levelGradient } from "../theme.ts";
import { paintHeatmap } from "./paint-heatmap.ts";
import { StageAxis } from "./stage-axis.tsx";
import { stageSpans, stageText } from "./stages.ts";
import { useSize } from "./use-size.ts";

const HEIGHT = 232;
/** Rows lower than this are marked at their ends, because a box would cover them. */
const BOXED = 10;
const ROW = { least: 3, most: 29 };

interface Cell {
  readonly row: number;
  readonly stage: number;
}

export function ScheduleHeatmap({ data }: { readonly data: Heatmap }) {
  const { rows, expected, best, division, maxLevel, stageOfStep } = data;
  const id = useId();
  const [plot, { width, ratio }] = useSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  /** The cell was chosen by a key, so it may lie outside of what is scrolled into view. */
  const byKey = useRef(false);
  const [cell, setCell] = useState<Cell>();
  const spans = useMemo(() => stageSpans(division), [division]);
  const rowHeight = Math.min(ROW.most, Math.max(ROW.least, HEIGHT / expected));
  const height = rowHeight * expected;

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context && width > 0) paintHeatmap(context, rows, { width, rowHeight, spans, ratio, maxLevel });
  }, [rows, width, rowHeight, spans, ratio, maxLevel]);

  function onPointer(event: PointerEvent): void {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const stage = spans.findIndex(({ left, width: span }) => share < left + span);
    const row = Math.floor((event.clientY - box.top) / rowHeight);
    byKey.current = false;
    setCell(rows[row] && stage >= 0 ? { row, stage } : undefined);
  }

  function onKey(event: KeyboardEvent): void {
    const { row, stage } = cell ?? { row: best ?? 0, stage: 0 };
    const moves: Readonly<Record<string, Cell>> = {
      ArrowLeft: { row, stage: stage - 1 },
      ArrowRight: { row, stage: stage + 1 },
      ArrowUp: { row: row - 1, stage },
      ArrowDown: { row: row + 1, stage },
      Home: { row, stage: 0 },
      End: { row, stage: division.length - 1 },
      PageUp: { row: 0, stage },
      PageDown: { row: rows.length - 1, stage },
    };
    if (event.key === "Escape") setCell(undefined);
    const next = moves[event.key];
    if (!next) return;
    event.preventDefault();
    byKey.current = true;
    setCell({ row: clamp(next.row, rows.length - 1), stage: clamp(next.stage, division.length - 1) });
  }

  const active = cell && rows[cell.row];
  return (
    <div className="heatmap">
      <div className="heatmap-scroll">
        <RowNames rows={rows} rowHeight={rowHeight} height={height} best={best} />
        {/* biome-ignore lint/a11y/useSemanticElements: a table of every cell would be thousands of elements */}
        <div
          ref={plot}
          className="heatmap-plot"
          style={{ blockSize: height, backgroundSize: `100% ${rowHeight}px` }}
          role="grid"
          tabIndex={0}
          aria-label="Levels by generation and stage"
          aria-rowcount={rows.length}
          aria-colcount={division.length}
          aria-activedescendant={active ? `${id}-cell` : undefined}
          onPointerMove={onPointer}
          onPointerLeave={() => setCell(undefined)}
          onKeyDown={onKey}
          onFocus={() => setCell(cell ?? (rows.length > 0 ? { row: best ?? 0, stage: 0 } : undefined))}
          onBlur={() => setCell(undefined)}
        >
          <canvas
            ref={canvas}
            width={Math.round(width * ratio)}
            height={Math.round(rowHeight * rows.length * ratio)}
            style={{ blockSize: rowHeight * rows.length }}
          />
          {best !== undefined && (
            <div
              className={rowHeight < BOXED ? "heatmap-best slim" : "heatmap-best"}
              style={{ top: best * rowHeight, height: rowHeight }}
            />
          )}
          {cell && active && (
            <>
              <div
                ref={(mark) => {
                  if (byKey.current) mark?.scrollIntoView({ block: "nearest" });
                }}
                className="heatmap-cell"
                style={{
                  left: `${100 * (spans[cell.stage]?.left ?? 0)}%`,
                  width: `${100 * (spans[cell.stage]?.width ?? 0)}%`,
                  top: cell.row * rowHeight,
                  height: rowHeight,
                }}
              />
              <Tooltip
                data={data}
                row={active}
                cell={cell}
                left={spans[cell.stage]?.left ?? 0}
                top={cell.row * rowHeight}
              />
              {/* biome-ignore lint/a11y/useSemanticElements: as above */}
              <div role="row" className="hidden" aria-rowindex={cell.row + 1} tabIndex={-1}>
                {/* biome-ignore lint/a11y/useSemanticElements: as above */}
                <div role="gridcell" id={`${id}-cell`} aria-colindex={cell.stage + 1} tabIndex={-1}>
                  {nameOf(active)}, {stageText(division, stageOfStep, cell.stage)}, level {active.levels[cell.stage]} of{" "}
                  {maxLevel}, fitness {score(active.fitness)}
                </div>
              </div>
            </>
          )}
        </div>
      </div>
      <StageAxis division={division} stageOfStep={stageOfStep} width={width} />
    </div>
  );
}

function Tooltip(props: {
  readonly data: Heatmap;
  readonly row: HeatmapRow;
  readonly cell: Cell;
  readonly left: number;
  readonly top: number;
}) {
  const { data, row, cell, left, top } = props;
  const level = row.levels[cell.stage] ?? 0;
  return (
    <div className={left > 0.6 ? "tooltip to-left" : "tooltip"} style={{ left: `${100 * left}%`, top }}>
      <strong>
        Level {level} of {data.maxLevel} · {percent(level / data.maxLevel)} removed
      </strong>
      <span>{stageText(data.division, data.stageOfStep, cell.stage)}</span>
      <span>
        {nameOf(row)} · fitness {score(row.fitness)}
      </span>
    </div>
  );
}

/** Height of a line of text. */
const LINE = 17;

/** Generation numbers beside the rows: the best one's always, of the others as many as fit. */
function RowNames(props: {
  readonly rows: readonly HeatmapRow[];
  readonly rowHeight: number;
  readonly height: number;
  readonly best: number | undefined;
}) {
  const { rows, rowHeight, height, best } = props;
  const placed: number[] = [];
  const order = [...rows.keys()].filter((i) => i === best || rows[i]?.rank === 0);
  if (best !== undefined) order.unshift(best);
  return (
    <div className="row-names" aria-hidden="true">
      {order.map((i) => {
        const top = Math.min(height - LINE / 2, Math.max(LINE / 2, (i + 0.5) * rowHeight));
        if (placed.some((other) => Math.abs(other - top) < LINE)) return null;
        placed.push(top);
        return (
          <span key={i} style={{ top }} className={i === best ? "is-best" : ""}>
            {(rows[i]?.generation ?? 0) + 1}
          </span>
        );
      })}
    </div>
  );
}

/** The colours of levels, from dense to all removed. */
export function LevelLegend({ maxLevel }: { readonly maxLevel: number }) {
  return (
    <div className="level-legend">
      <span className="axis-name">generation</span>
      <span>0 dense</span>
      <i style={{ background: levelGradient }} />
      <span>{maxLevel} all removed</span>
    </div>
  );
}

function nameOf({ generation, rank, pending }: HeatmapRow): string {
  const place = rank === 0 ? "best" : `number ${rank + 1}`;
  return `Generation ${generation + 1}, ${pending ? "so far, " : ""}${place}`;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
