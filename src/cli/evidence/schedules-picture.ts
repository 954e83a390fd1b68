// Schedules of a table as one SVG: a line each, a cell per visited step, in the colour of its level.

import { inkOn, levelColour } from "../../core/colour-scales.ts";
import type { MeasuredRow } from "../bench/tables/table.ts";
import { rect, svg, text } from "./svg.ts";

const CELL = { width: 28, height: 22 };
const LEFT = 260;
const TOP = 26;

/** @param rows that have a schedule; cells are as wide as their step is long. */
export function schedulesPicture(rows: readonly MeasuredRow[]): string {
  const most = Math.max(...rows.map(({ levels }) => levels.length));
  const width = LEFT + most * CELL.width + 10;
  const parts = [text(LEFT, 16, "first step, noisiest", "start"), text(width - 10, 16, "last step", "end")];
  for (const [index, { cells, levels, sparsity }] of rows.entries()) {
    const y = TOP + index * (CELL.height + 4);
    parts.push(text(LEFT - 10, y + 15, cells.filter(Boolean).join(", "), "end"));
    const step = (most * CELL.width) / levels.length;
    const highest = sparsityScale(levels, sparsity);
    for (const [at, level] of levels.entries()) {
      const share = level / highest;
      parts.push(rect(LEFT + at * step, y, step - 1, CELL.height, levelColour(share)));
      parts.push(text(LEFT + (at + 0.5) * step, y + 15, String(level), "middle", inkOn(share)));
    }
  }
  return svg(width, TOP + rows.length * (CELL.height + 4) + 6, "Levels of every step, row by row", parts);
}

/** The highest level there is: the sparsity is the mean level over it. */
function sparsityScale(levels: readonly number[], sparsity: number): number {
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  return Math.round(mean / sparsity);
}
