// No-reference quality of a picture, from a small network trained for the demo's domain. It takes the place that
// TOPIQ has in the paper's DiT experiments (Diff-ES §4), whose network knows photographs only.

import { StudioError } from "../core/errors.ts";
import { exp } from "../core/math.ts";
import { judgeGraph } from "../models/classifier.ts";
import type { DeviceTensor, Session } from "../runtime/runtime.ts";
import type { Metric } from "./metric.ts";

const NETWORK = "quality";

export const quality: Metric = {
  label: "Quality",
  help: "How clean a picture looks on its own, judged by a small network: 0 is spoiled, 1 is clean.",
  options: {},
  role: "fitness",
  direction: "higher",
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
    // The graph is made for one size of picture, which is known when the first one comes.
    const sessions = new Map<number, Promise<Session>>();
    const sessionFor = (side: number): Promise<Session> => {
      const session = sessions.get(side) ?? runtime.load(judgeGraph(weights, side), `metric quality, ${side} pixels`);
      sessions.set(side, session);
      return session;
    };
    return {
      async score({ pictures }) {
        if (!pictures) throw new StudioError("missing-data", "metric quality: there are no pictures of the student");
        const session = await sessionFor(pictures.shape[2]!);
        const { output } = await session.run({ pictures }, ["output"]);
        const { data } = await (output as DeviceTensor).download();
        output!.free();
        return Float32Array.from(data, sigmoid);
      },
      async free() {
        for (const session of sessions.values()) await (await session).free();
        sessions.clear();
      },
    };
  },
};

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}
