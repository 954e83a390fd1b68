// Which native timesteps a run visits, and which stage each of its steps belongs to. A stage owns timesteps,
// not step indices, so the same schedule can be sampled with any number of steps (Diff-ES §3.1).

import { StudioError } from "./errors.ts";
import { roundHalfEven } from "./math.ts";
import type { NoiseSchedule } from "./noise.ts";
import type { Division } from "./schedule.ts";
import type { StageIndex, Timestep } from "./tensor.ts";

export interface Timeline {
  readonly noise: NoiseSchedule;
  /** Visited timesteps in sampling order: descending. */
  readonly timesteps: readonly Timestep[];
}

/** @throws invalid-input */
export function timeline(noise: NoiseSchedule, numSteps: number): Timeline {
  return { noise, timesteps: visitedTimesteps(noise, numSteps) };
}

/**
 * The native timesteps that a number of steps visits, in sampling order. "linspace" spaces them evenly from T-1 to 0, both
 * included, as DiT's "20" (one step visits T-1 only); "trailing" goes from T-1 on in steps of T / numSteps, so that the way
 * from the last one to the clean latent is a step as long as the others, as flows are sampled.
 * @throws invalid-input
 */
export function visitedTimesteps(
  { timesteps, spacing }: Pick<NoiseSchedule, "timesteps" | "spacing">,
  numSteps: number,
): Timestep[] {
  const last = timesteps - 1;
  if (!(Number.isInteger(numSteps) && numSteps >= 1 && numSteps <= timesteps))
    throw new StudioError("invalid-input", `timeline: ${numSteps} steps; choose 1 … ${timesteps}`);
  if (spacing === "trailing")
    return Array.from({ length: numSteps }, (_, step) => roundHalfEven((timesteps * (numSteps - step)) / numSteps) - 1);
  if (numSteps === 1) return [last];
  return Array.from({ length: numSteps }, (_, step) => roundHalfEven(((numSteps - 1 - step) * last) / (numSteps - 1)));
}

/**
 * The stage of each visited step.
 * @throws invalid-input when a timestep lies outside the division.
 */
export function stageOfSteps(division: Division, timesteps: readonly Timestep[]): StageIndex[] {
  return timesteps.map((t) => {
    const stage = division.findIndex(({ high, low }) => low <= t && t <= high);
    if (stage < 0)
      throw new StudioError(
        "invalid-input",
        `timeline: no stage holds timestep ${t}; the division covers ${division.at(-1)?.low} … ${division[0]?.high}`,
      );
    return stage;
  });
}

/**
 * How many visited steps each stage has; few steps pass some stages by.
 * @throws invalid-input when a timestep lies outside the division.
 */
export function visitsPerStage(division: Division, timesteps: readonly Timestep[]): number[] {
  const counts = division.map(() => 0);
  for (const stage of stageOfSteps(division, timesteps)) counts[stage] = (counts[stage] as number) + 1;
  return counts;
}

/**
 * The same of stages whose levels are to be chosen.
 * @throws invalid-input when a stage has none: its level would cost nothing and mean nothing.
 */
export function stepsPerStage(division: Division, timesteps: readonly Timestep[]): number[] {
  const counts = visitsPerStage(division, timesteps);
  const empty = counts.indexOf(0);
  if (empty >= 0) {
    const { high, low } = division[empty] as Division[number];
    throw new StudioError(
      "invalid-input",
      `timeline: none of the ${timesteps.length} steps visits stage ${empty} (timesteps ${high} … ${low}), and they visit at most ${timesteps.length} of ${division.length} stages; use more steps or fewer stages`,
      { stage: empty, steps: timesteps.length, stages: division.length },
    );
  }
  return counts;
}
