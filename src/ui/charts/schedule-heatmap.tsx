// Every generation's schedules, one row each: how levels move between stages while the search goes on. A canvas for
// the eye, an ARIA grid of the same cells for keyboard and screen reader.

import { useEffect, useMemo, useRef } from "react";
import { levelGradient } from "../../core/colour-scales.ts";
import { percent, score } from "../../core/format.ts";
import type { Heatmap, HeatmapRow } from "../../state/selectors.ts";
import { useWindow } from "../parts/use-window.ts";
import { type Cell, CellGrid, type CellNote } from "./cell-grid.tsx";
import { paintHeatmap } from "./paint-heatmap.ts";
import { StageAxis } from "./stage-axis.tsx";
import { StageCells } from "./stage-cells.tsx";
import { stageSpans, stageText } from "./stages.ts";
import { useSize } from "./use-size.ts";

const HEIGHT = 232;
/** Rows lower than this are marked at their ends, because a box would cover them. */
const BOXED = 10;
const ROW = { least: 3, most: 29 };
/** So few rows are high enough to carry numbers. */
const NUMBERED = { rows: 21, height: 18 };

export function ScheduleHeatmap({ data }: { readonly data: Heatmap }) {
  const { rows, expected, best, pinned, division, maxLevel, stageOfStep } = data;
  const [plot, { width, ratio }] = useSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const spans = useMemo(() => stageSpans(division), [division]);
  const least = expected <= NUMBERED.rows ? NUMBERED.height : ROW.least;
  const rowHeight = Math.min(ROW.most, Math.max(least, HEIGHT / Math.max(1, expected)));
  const height = rowHeight * expected;
  // Only what is in sight is painted: a canvas of every row of a long search would be larger than the screen many times.
  const { box, first, end } = useWindow(rows.length, rowHeight, 0);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const layout = { width, rowHeight, spans, ratio, maxLevel };
    if (context && width > 0) paintHeatmap(context, rows.slice(first, end), layout);
  }, [rows, first, end, width, rowHeight, spans, ratio, maxLevel]);

  return (
    <div className="heatmap">
      {pinned && (
        <div className="heatmap-pinned">
          <span className="pinned-name">best, {pinned.generation + 1}</span>
          <StageCells levels={pinned.levels} maxLevel={maxLevel} spans={spans} width={width} />
          <span className="hidden">
            The fittest: {nameOf(pinned)}, fitness {score(pinned.fitness)}, levels {pinned.levels.join(", ")}
          </span>
        </div>
      )}
      <div ref={box} className="heatmap-scroll">
        <RowNames rows={rows} rowHeight={rowHeight} height={height} best={best} />
        <CellGrid
          label="Levels by generation and stage"
          plot={plot}
          rows={rows.length}
          rowHeight={rowHeight}
          height={height}
          spans={spans}
          home={best ?? 0}
          note={(cell) => noteOf(data, cell)}
        >
          <canvas
            ref={canvas}
            width={Math.round(width * ratio)}
            height={Math.round(rowHeight * (end - first) * ratio)}
            style={{ insetBlockStart: first * rowHeight, blockSize: rowHeight * (end - first) }}
          />
          {best !== undefined && (
            <div
              className={rowHeight < BOXED ? "heatmap-best slim" : "heatmap-best"}
              style={{ top: best * rowHeight, height: rowHeight }}
            />
          )}
        </CellGrid>
      </div>
      <StageAxis division={division} stageOfStep={stageOfStep} width={width} />
    </div>
  );
}

function noteOf({ rows, division, maxLevel, stageOfStep }: Heatmap, { row, stage }: Cell): CellNote | undefined {
  const shown = rows[row];
  if (!shown) return undefined;
  const level = shown.levels[stage] ?? 0;
  const [name, where, fitness] = [nameOf(shown), stageText(division, stageOfStep, stage), score(shown.fitness)];
  return {
    title: `Level ${level} of ${maxLevel} · ${percent(level / maxLevel)} removed`,
    lines: [where, `${name} · fitness ${fitness}`],
    spoken: `${name}, ${where}, level ${level} of ${maxLevel}, fitness ${fitness}`,
  };
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
