// What a step at a level will take, told from steps at other levels that were timed. Between two of them time follows the
// operations linearly; beyond the last it is in proportion to them, because products take most of it.

import type { Macs, Milliseconds } from "./tensor.ts";

/** One step that was timed. */
export interface TimedStep {
  readonly macs: Macs;
  readonly time: Milliseconds;
}

/** Undefined while nothing was timed; the (upper) median where a number of operations was timed more than once. */
export function predictedTime(timed: readonly TimedStep[], macs: Macs): Milliseconds | undefined {
  const sizes = [...new Set(timed.map((step) => step.macs))].sort((a, b) => a - b);
  const below = sizes.findLast((size) => size <= macs);
  const above = sizes.find((size) => size >= macs);
  const near = below ?? above;
  if (near === undefined) return undefined;
  const timeOf = (size: Macs) => {
    const times = timed.filter((step) => step.macs === size).map(({ time }) => time);
    return times.sort((a, b) => a - b)[times.length >> 1] as Milliseconds;
  };
  if (below === undefined || above === undefined) return (timeOf(near) * macs) / near;
  const share = above === below ? 0 : (macs - below) / (above - below);
  return (1 - share) * timeOf(below) + share * timeOf(above);
}
