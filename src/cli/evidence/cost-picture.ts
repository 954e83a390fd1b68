// The curves of `bench search-cost` as one SVG: how far the best schedule so far is from the goal, against denoiser calls.
// Each seed has its own goal, so seeds are compared by their distance to it; a line is their median.

import { median } from "../../core/median.ts";
import type { CostRow } from "./search.ts";
import { along, COLOURS, GRID, INK, line, svg, text } from "./svg.ts";

const [WIDTH, HEIGHT] = [820, 420];
const FRAME = { left: 72, right: 210, top: 20, bottom: 52 };
/** Distances below the goal that are drawn; the first schedules of a search are further off. */
const LOWEST = -0.05;

/** @param rows the first way is the paper's algorithm, whose end is the goal */
export function costPicture(rows: readonly CostRow[]): string {
  const ways = [...new Set(rows.map(({ way }) => way))];
  const [paper] = ways as [string];
  const seeds = [...new Set(rows.map(({ seed }) => seed))];
  const of = (way: string, seed: number) => rows.find((row) => row.way === way && row.seed === seed);
  const best = (row: CostRow | undefined, calls: number) => row?.curve.findLast((point) => point.calls <= calls)?.best;
  const goals = new Map(seeds.map((seed) => [seed, best(of(paper, seed), Number.POSITIVE_INFINITY) as number]));
  const gap = (way: string, calls: number): number | undefined => {
    const gaps = seeds.map((seed) => {
      const value = best(of(way, seed), calls);
      return value === undefined ? undefined : value - (goals.get(seed) as number);
    });
    return gaps.some((value) => value === undefined) ? undefined : median(gaps as number[]);
  };

  const most = Math.max(...rows.map(({ calls }) => calls));
  const decades = { from: 2, to: Math.ceil(2 * Math.log10(most)) / 2 };
  const highest = Math.max(0.005, ...ways.map((way) => gap(way, most) ?? 0));
  const x = (calls: number) =>
    along(FRAME.left, WIDTH - FRAME.right, (Math.log10(calls) - decades.from) / (decades.to - decades.from));
  const y = (value: number) =>
    along(HEIGHT - FRAME.bottom, FRAME.top, (Math.max(LOWEST, value) - LOWEST) / (highest - LOWEST));
  const parts: string[] = [];
  for (let tick = decades.from; tick <= decades.to; tick += 0.5) {
    const calls = 10 ** tick;
    parts.push(line(x(calls), FRAME.top, x(calls), HEIGHT - FRAME.bottom, GRID));
    parts.push(text(x(calls), HEIGHT - FRAME.bottom + 18, Number(calls.toPrecision(1)).toLocaleString("en"), "middle"));
  }
  for (let value = Math.ceil(LOWEST * 100) / 100; value <= highest + 1e-9; value += 0.01) {
    const zero = Math.abs(value) < 1e-9;
    parts.push(line(FRAME.left, y(value), WIDTH - FRAME.right, y(value), zero ? INK : GRID));
    parts.push(text(FRAME.left - 8, y(value) + 4, zero ? "the goal" : value.toFixed(2).replace("-", "−"), "end"));
  }
  parts.push(
    text((FRAME.left + WIDTH - FRAME.right) / 2, HEIGHT - 10, "denoiser calls (each for all probe pictures)", "middle"),
  );
  for (const [index, way] of ways.entries()) {
    const colour = COLOURS[index % COLOURS.length] as string;
    const ends = rows.filter((row) => row.way === way).map(({ calls }) => calls);
    const stops = rows.filter((row) => row.way === way).flatMap(({ curve }) => curve.map(({ calls }) => calls));
    const path = [...new Set([...stops, Math.min(...ends)])]
      .sort((a, b) => a - b)
      .filter((calls) => calls <= Math.min(...ends))
      .map((calls) => [Math.max(calls, 10 ** decades.from), gap(way, calls)] as const)
      .filter((point): point is readonly [number, number] => point[1] !== undefined);
    const steps = path.map(
      ([calls, value], at) =>
        `${at === 0 ? "M" : "H"}${x(calls).toFixed(1)}${at === 0 ? "," : "V"}${y(value).toFixed(1)}`,
    );
    parts.push(`<path d="${steps.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    const top = FRAME.top + 14 + 22 * index;
    parts.push(line(WIDTH - FRAME.right + 16, top - 4, WIDTH - FRAME.right + 38, top - 4, colour, 3));
    parts.push(text(WIDTH - FRAME.right + 46, top, way, "start"));
  }
  return svg(WIDTH, HEIGHT, "Distance to the goal against denoiser calls", parts);
}
