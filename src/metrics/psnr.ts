// Peak signal-to-noise ratio of pictures against the dense model's. The logarithm is the host's own (core/math.ts):
// providers differ in its last bits.

import { graphScorer, type Metric } from "./metric.ts";
import { decibels, HIGHEST_PSNR } from "./parts/picture-scores.ts";
import { pictureErrorGraph } from "./parts/score-graph.ts";

export const psnr: Metric = {
  label: "PSNR",
  help: "Peak signal-to-noise ratio to the dense model's pictures, -10 log10 of their mean squared difference, in dB. 100 stands for identical.",
  options: {},
  role: "fitness",
  direction: "higher",
  range: [0, HIGHEST_PSNR],
  space: "pictures",
  reference: true,
  networks: [],
  async open(runtime) {
    const error = await graphScorer(runtime, pictureErrorGraph("psnr"), "psnr", psnr);
    return { ...error, score: async (...inputs) => (await error.score(...inputs)).map((minus) => decibels(-minus)) };
  },
};
