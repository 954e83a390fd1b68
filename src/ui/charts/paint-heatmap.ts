// Cells of the schedule heatmap on a canvas. Pure: the same rows and sizes paint the same pixels. A cell is one pixel of
// a small image first, which is then stretched stage by stage: 40 000 cells are drawn with as many calls as there are
// stages (`bench heatmap`).

import { inkOn, levelRgb } from "../../core/colour-scales.ts";
import type { HeatmapRow } from "../../state/selectors.ts";

export interface HeatmapLayout {
  /** CSS pixels. */
  readonly width: number;
  readonly rowHeight: number;
  readonly spans: readonly { readonly left: number; readonly width: number }[];
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly maxLevel: number;
}
type Row = Pick<HeatmapRow, "levels" | "pending">;

/** Cells smaller than this carry no number. */
const READABLE = { width: 22, height: 17 };
/** Rows lower than this touch each other. */
const SPACED = 6;
/** Opacity, 0 … 255, of what is not yet part of a finished generation. */
const PENDING = 115;

export function paintHeatmap(context: CanvasRenderingContext2D, rows: readonly Row[], layout: HeatmapLayout): void {
  const { width, rowHeight, spans, ratio, maxLevel } = layout;
  const height = rows.length * rowHeight;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, Math.ceil(width * ratio), Math.ceil(height * ratio));
  if (rows.length === 0) return;
  const image = new OffscreenCanvas(spans.length, rows.length);
  const pixels = new ImageData(cellPixels(rows, spans.length, maxLevel), spans.length);
  (image.getContext("2d") as OffscreenCanvasRenderingContext2D).putImageData(pixels, 0, 0);

  // Edges on device pixels, or neighbouring cells would blur into each other.
  const edges = [...spans.map(({ left }) => Math.round(left * width * ratio)), Math.round(width * ratio)];
  const bottom = Math.round(height * ratio);
  context.imageSmoothingEnabled = false;
  for (const [stage, left] of edges.slice(0, -1).entries())
    context.drawImage(image, stage, 0, 1, rows.length, left, 0, (edges[stage + 1] as number) - left, bottom);
  if (rowHeight < SPACED) return;

  const gap = Math.round(ratio);
  for (const edge of edges.slice(1)) context.clearRect(edge - gap, 0, gap, bottom);
  for (const y of rows.keys())
    context.clearRect(0, Math.round((y + 1) * rowHeight * ratio) - gap, edges.at(-1) as number, gap);
  if (rowHeight < READABLE.height) return;

  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `500 ${Math.min(13, Math.round(rowHeight * 0.6))}px Inter, "Segoe UI", Roboto, Arial, sans-serif`;
  for (const [y, { levels, pending }] of rows.entries()) {
    context.globalAlpha = pending ? PENDING / 255 : 1;
    for (const [stage, level] of levels.entries()) {
      const span = spans[stage];
      if (!span || span.width * width < READABLE.width) continue;
      context.fillStyle = inkOn(level / maxLevel);
      context.fillText(String(level), (span.left + span.width / 2) * width, (y + 0.5) * rowHeight);
    }
  }
  context.globalAlpha = 1;
}

/** One pixel for each cell, RGBA. [rows, numStages, 4] */
export function cellPixels(rows: readonly Row[], numStages: number, maxLevel: number): Uint8ClampedArray<ArrayBuffer> {
  const colours = Array.from({ length: maxLevel + 1 }, (_, level) => levelRgb(level / maxLevel));
  const pixels = new Uint8ClampedArray(4 * rows.length * numStages);
  for (const [y, { levels, pending }] of rows.entries())
    for (const [stage, level] of levels.entries()) {
      const at = 4 * (y * numStages + stage);
      pixels.set(colours[level] as (typeof colours)[number], at);
      pixels[at + 3] = pending ? PENDING : 255;
    }
  return pixels;
}
