// How long do 16 dense pictures take: 20 steps with guidance, decoded, on a warm engine?

import type { EngineBench } from "./bench.ts";
import { interleave } from "./measure.ts";

const PICTURES = 16;

export const sample: EngineBench = {
  help: "16 dense pictures, 20 steps, guidance, decoded",
  async run({ engine, card }, { signal }) {
    const labels = Array.from({ length: PICTURES }, (_, index) => index % card.spec.numClasses);
    const request = { steps: 20, guidance: card.defaults.guidance, sampler: { id: "ddim" }, labels, seed: 0 };
    const { dense } = await interleave({ dense: async () => void (await engine.sample(request, () => {}, signal)) }, 5);
    const gmacs = (PICTURES * 2 * 20 * card.macs) / 1e9;
    return { pictures: PICTURES, milliseconds: dense, gmacs, gmacsPerSecond: gmacs / (dense.median / 1000) };
  },
};
