// A whole schedule that a search found, from noise to pictures: its stages have other levels, each is entered on the way,
// and the decoder, which is not pruned, counts as well. Entering is measured with room for one stage only, so that each
// stage is read and cut every time, and with cuts that stay.

import { Bank } from "../../../engine/bank.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { type OpenSchedule, Pipeline } from "../../../engine/pipeline.ts";
import type { Context } from "../../commands/command.ts";
import type { BenchTools } from "../bench.ts";
import { interleave, round3 } from "../measure.ts";
import { presetRequest } from "../preset-request.ts";

const PICTURES = 16;
const STEPS = 20;
const ROUNDS = 5;

export async function measureSchedule(
  { engine, runtime, storage, card }: BenchTools,
  model: LoadedModel,
  { signal }: Context,
) {
  const { comparisons } = await engine.search(presetRequest("quick", card), () => {}, signal);
  const found = comparisons.find(({ id }) => id === "searched");
  if (!found?.schedule) throw new Error("bench routing: the search returned no schedule");
  const { division, levels } = found.schedule;
  const bank = (await Bank.open(storage, found.schedule.bank)) as Bank;
  const lean = new Pipeline(runtime, model, () => 0, 0);
  const roomy = new Pipeline(runtime, model, () => 0);
  const draw = (pipeline: Pipeline, schedule?: OpenSchedule) => async () => {
    const labels = Array.from({ length: PICTURES }, (_, index) => index % model.spec.numClasses);
    const plan = { steps: STEPS, guidance: card.defaults.guidance, sampler: { id: "ddim" } };
    const { latents } = await pipeline.rollout(pipeline.batch(0, "bench", labels), schedule, plan, { signal });
    const pictures = card.hasDecoder ? await pipeline.decode(latents) : latents;
    await pictures.download();
    if (pictures !== latents) pictures.free();
    latents.free();
  };
  try {
    const schedule = { bank, division, levels };
    const ways = { dense: draw(roomy), entering: draw(lean, schedule), kept: draw(roomy, schedule) };
    const times = await interleave(ways, ROUNDS);
    const macRatio = found.cost.denseMacs / found.cost.macs;
    const ofMacRatio = (milliseconds: number) => round3(times.dense.median / milliseconds / macRatio);
    return {
      pictures: PICTURES,
      steps: STEPS,
      levels,
      dense: times.dense.median,
      entering: times.entering.median,
      kept: times.kept.median,
      macRatio: round3(macRatio),
      ofMacRatioEntering: ofMacRatio(times.entering.median),
      ofMacRatioKept: ofMacRatio(times.kept.median),
    };
  } finally {
    await lean.free();
    await roomy.free();
  }
}
