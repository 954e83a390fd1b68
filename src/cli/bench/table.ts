// The README's results: dense, uniform, MosaicDiff and searched at 25 % and 50 % for LayerDrop and OBS, on the demo
// model, with the same settings for all.

import type { EngineBench } from "./bench.ts";
import { round3 } from "./measure.ts";
import { presetRequest } from "./preset-request.ts";

const PRUNERS = ["layerdrop", "obs"] as const;
const TARGETS = [0.25, 0.5] as const;

export const table: EngineBench = {
  help: "dense, uniform, MosaicDiff, searched at 25 % and 50 % for LayerDrop and OBS",
  async run({ engine, flags, card }, context) {
    const name = flags.text("preset");
    const preset = name === "standard" ? "standard" : "quick";
    const rows = [];
    for (const pruner of PRUNERS)
      for (const target of TARGETS) {
        const request = { ...presetRequest(preset, card), pruner: { id: pruner }, target, heldOut: 32, seed: 0 };
        context.report(`${pruner} at ${100 * target} %`);
        const result = await engine.search(request, () => {}, context.signal);
        rows.push({
          pruner,
          target,
          seconds: round3(result.elapsed / 1000),
          schedules: result.comparisons.map(({ id, schedule, fitness, heldOut, cost }) => ({
            id,
            levels: schedule?.levels,
            sparsity: round3(cost.sparsity),
            gmacs: round3(cost.macs / 1e9),
            probeSsim: round3(fitness),
            heldOutSsim: round3(heldOut.reduce((sum, score) => sum + score, 0) / heldOut.length),
          })),
          verdict: result.verdict,
        });
      }
    return { preset: name, rows };
  },
};
