// No-reference quality of a picture, from a small network trained for the demo's domain. It takes the place that
// TOPIQ has in the paper's DiT experiments (Diff-ES §4), whose network knows photographs only.

import { StudioError } from "../core/errors.ts";
import { exp } from "../core/math.ts";
import { judgeGraph } from "../models/classifier.ts";
import type { DeviceTensor } from "../runtime/runtime.ts";
import { inputOf, type Metric } from "./metric.ts";
import { SizedSessions } from "./parts/sized-sessions.ts";

const NETWORK = "quality";

export const quality: Metric = {
  label: "Quality",
  help: "How clean a picture looks on its own, judged by a small network: 0 is spoiled, 1 is clean.",
  options: {},
  role: "fitness",
  direction: "higher",
  range: [0, 1],
  space: "pictures",
  reference: false,
  networks: [NETWORK],
  async open(runtime, networks) {
    const weights = networks[NETWORK];
    if (!weights)
      throw new StudioError(
        "missing-data",
        `metric quality: the model has no network "${NETWORK}"; use another metric`,
      );
    const sessions = new SizedSessions(runtime, "metric quality", (side) => judgeGraph(weights, side));
    return {
      async score(input) {
        const pictures = inputOf("quality", "pictures", "student", input);
        const { output } = await (await sessions.for(pictures)).run({ pictures }, ["output"]);
        const { data } = await (output as DeviceTensor).download();
        output!.free();
        return Float32Array.from(data, sigmoid);
      },
      free: () => sessions.free(),
    };
  },
};

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}
