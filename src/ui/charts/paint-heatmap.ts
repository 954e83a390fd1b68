// Cells of the schedule heatmap on a canvas. Pure: the same rows and sizes paint the same pixels.

import type { HeatmapRow } from "../../state/selectors.ts";
import { inkOn, levelColour } from "../theme.ts";

export interface HeatmapLayout {
  /** CSS pixels. */
  readonly width: number;
  readonly rowHeight: number;
  readonly spans: readonly { readonly left: number; readonly width: number }[];
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly maxLevel: number;
}

/** Cells smaller than this carry no number. */
const READABLE = { width: 22, height: 17 };
/** Rows lower than this touch each other. */
const SPACED = 6;

export function paintHeatmap(
  context: CanvasRenderingContext2D,
  rows: readonly HeatmapRow[],
  layout: HeatmapLayout,
): void {
  const { width, rowHeight, spans, ratio, maxLevel } = layout;
  const gap = rowHeight >= SPACED ? 1 : 0;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, rows.length * rowHeight);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `500 ${Math.min(13, Math.round(rowHeight * 0.6))}px Inter, "Segoe UI", Roboto, Arial, sans-serif`;
  for (const [y, row] of rows.entries())
    for (const [stage, level] of row.levels.entries()) {
      const span = spans[stage];
      if (!span) continue;
      // Edges on device pixels, or neighbouring cells would blur into each other.
      const left = snap(span.left * width, ratio);
      const right = snap((span.left + span.width) * width, ratio) - gap;
      const top = snap(y * rowHeight, ratio);
      const bottom = snap((y + 1) * rowHeight, ratio) - gap;
      context.globalAlpha = row.pending ? 0.45 : 1;
      context.fillStyle = levelColour(level / maxLevel);
      context.fillRect(left, top, right - left, bottom - top);
      if (right - left < READABLE.width || bottom - top < READABLE.height) continue;
      context.fillStyle = inkOn(level / maxLevel);
      context.fillText(String(level), (left + right) / 2, (top + bottom) / 2 + 0.5);
    }
  context.globalAlpha = 1;
}

function snap(value: number, ratio: number): number {
  return Math.round(value * ratio) / ratio;
}
