// What every schedule that a finished search compares is worth on many pictures: the numbers that the page tells of the run.

import type { EvaluateResult } from "../engine/api.ts";
import { type Context, reporter } from "./commands/command.ts";
import { finishedRun, runFolder } from "./finished-run.ts";
import type { ParsedFlags } from "./flags.ts";
import { withModel } from "./with-model.ts";

/** @param flags with `modelFlags`, `finishedRunFlags` and how many pictures, `count` */
export async function evaluateRun(flags: ParsedFlags, context: Context) {
  const report = reporter(context);
  return withModel(flags, runFolder(flags), context, async ({ engine, card, runtime }) => {
    const { run, comparisons, request } = await finishedRun(flags, engine, card);
    const { steps, guidance, sampler, seed } = request;
    const pictures = flags.integer("count");
    const metrics: Record<string, EvaluateResult["metrics"]> = {};
    for (const { id, schedule } of comparisons) {
      context.report(`Evaluating ${id}`);
      const asked = { schedule, steps, guidance, sampler, seed, pictures };
      metrics[id] = (await engine.evaluate(asked, report, context.signal)).metrics;
    }
    return { run, pictures, metrics, device: runtime.device };
  });
}
