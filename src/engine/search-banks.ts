// The banks that schedules of an experiment are executed with: the search's own, and MosaicDiff's with its three stages.

import type { Division } from "../core/schedule.ts";
import type { On, Progress } from "./api.ts";
import { calibrateRequest, type Experiment } from "./experiment.ts";
import type { Pipeline } from "./pipeline.ts";
import { type OpenedBank, type PrecomputeTools, precompute } from "./precompute.ts";
import { checkRoom, searchClaims } from "./room.ts";
import { Stopwatch } from "./stopwatch.ts";

/**
 * Makes what is missing of the banks, once there is room for all of it.
 * @param divisions all or the first of `banksOf`
 * @throws invalid-input, shape-mismatch, not-positive-definite, storage-full
 */
export async function openBanks<const D extends readonly Division[]>(
  pipeline: Pipeline,
  experiment: Experiment,
  divisions: D,
  tools: PrecomputeTools,
  on: On<Progress>,
  signal: AbortSignal,
): Promise<{ readonly [Index in keyof D]: OpenedBank }> {
  const claims = await searchClaims(pipeline.model, experiment, tools.storage);
  await checkRoom(tools.storage, claims.slice(0, divisions.length));
  const stages = divisions.map((division) => division.length);
  const watch = new Stopwatch(tools.now);
  const banks: OpenedBank[] = [];
  for (const [index, division] of divisions.entries()) {
    const whole = stages.reduce((sum, count) => sum + count, 0);
    const before = stages.slice(0, index).reduce((sum, count) => sum + count, 0);
    const name = index === 0 ? "" : "MosaicDiff: ";
    const opened = await precompute(
      pipeline,
      calibrateRequest(experiment, division),
      tools,
      ({ phase, label, share }) => {
        const done = (before + share * division.length) / whole;
        on({ type: "progress", phase, label: name + label, done, total: 1, left: watch.left(done) });
      },
      signal,
    );
    banks.push(opened);
  }
  return banks as { readonly [Index in keyof D]: OpenedBank };
}
