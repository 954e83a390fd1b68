// Minus the mean squared difference of pictures from the dense model's (the authors' img_mse), in [0, 1] per colour.

import { graphScorer, type Metric } from "./metric.ts";
import { pictureErrorGraph } from "./parts/score-graph.ts";

export const mse: Metric = {
  label: "Picture error",
  help: "Mean squared difference of the pictures from the dense model's, mean (t - s)² of colours in 0 … 1. 0 is identical.",
  options: {},
  role: "fitness",
  direction: "lower",
  range: [0, 1],
  space: "pictures",
  reference: true,
  networks: [],
  open: (runtime) => graphScorer(runtime, pictureErrorGraph("mse"), "mse", mse),
};
