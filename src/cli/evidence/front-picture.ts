// Quality against cost as one SVG: a panel for FID and one for SSIM, a curve for each kind of schedule.

import type { Spread, Summary } from "../bench/tables/summary.ts";
import { along, COLOURS, GRID, line, svg, text } from "./svg.ts";

const PANEL = { width: 300, height: 240 };
const FRAME = { left: 56, top: 34, gap: 66, right: 190, bottom: 46 };
const PANELS = [
  { id: "fid", head: "FID (low is good)", digits: 1 },
  { id: "ssim", head: "SSIM to the dense model (high is good)", digits: 2 },
] as const;
const TICKS = 4;

interface Point {
  readonly macs: number;
  readonly value: number;
}

/** @param lines whose last cell names their curve; the dense model is the mark that all curves come from */
export function frontPicture(lines: readonly Summary[]): string {
  const names = [...new Set(lines.map(({ cells }) => cells.at(-1) as string))];
  const macs = lines.map((own) => own.macs.mean);
  const width = FRAME.left + PANELS.length * PANEL.width + (PANELS.length - 1) * FRAME.gap + FRAME.right;
  const height = FRAME.top + PANEL.height + FRAME.bottom;
  const parts = PANELS.flatMap(({ id, head, digits }, index) => {
    const left = FRAME.left + index * (PANEL.width + FRAME.gap);
    const curves = names.map((name) => curveOf(lines, name, id));
    const x = axis(macs, left, left + PANEL.width);
    const y = axis(
      curves.flat().map(({ value }) => value),
      FRAME.top + PANEL.height,
      FRAME.top,
    );
    return [
      text(left, FRAME.top - 14, head, "start"),
      ...y.ticks.flatMap((tick) => [
        line(left, y.at(tick), left + PANEL.width, y.at(tick), GRID),
        text(left - 8, y.at(tick) + 4, tick.toFixed(digits), "end"),
      ]),
      ...x.ticks.map((tick) => text(x.at(tick), FRAME.top + PANEL.height + 18, (tick / 1e9).toFixed(2), "middle")),
      text(left + PANEL.width / 2, height - 8, "GMACs of a picture", "middle"),
      ...curves.map((points, curve) => drawn(points, COLOURS[curve % COLOURS.length] as string, x.at, y.at)),
    ];
  });
  const legend = names.flatMap((name, index) => {
    const [left, top] = [width - FRAME.right + 16, FRAME.top + 10 + 22 * index];
    return [
      line(left, top, left + 22, top, COLOURS[index % COLOURS.length] as string, 3),
      text(left + 30, top + 4, name, "start"),
    ];
  });
  return svg(width, height, "FID and SSIM against multiply-accumulates", [...parts, ...legend]);
}

function curveOf(lines: readonly Summary[], name: string, metric: string): Point[] {
  return lines
    .filter(({ cells }) => cells.at(-1) === name)
    .map(({ macs, values }) => ({ macs: macs.mean, value: (values[metric] as Spread).mean }))
    .sort((a, b) => a.macs - b.macs);
}

function axis(values: readonly number[], from: number, to: number) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = (value: number) => along(from, to, high > low ? (value - low) / (high - low) : 0.5);
  return { at, ticks: Array.from({ length: TICKS + 1 }, (_, tick) => along(low, high, tick / TICKS)) };
}

function drawn(
  points: readonly Point[],
  colour: string,
  x: (macs: number) => number,
  y: (value: number) => number,
): string {
  const at = points.map(({ macs, value }) => `${x(macs).toFixed(1)},${y(value).toFixed(1)}`);
  const marks = at.map((point) => {
    const [cx, cy] = point.split(",");
    return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
  });
  return `<polyline points="${at.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>${marks.join("")}`;
}
