// Energy of the dense model's latents against that of the difference from them (the authors' latent_snr, bounded as
// they use it by default, or the raw quotient).

import { graphScorer, type Metric } from "./metric.ts";
import { meanSquare, scoreGraph, shrunk } from "./parts/score-graph.ts";

/** The least difference that counts: equal latents have a finite quotient. */
const LEAST_NOISE = 1e-12;

export const latentSnr: Metric = {
  label: "Latent SNR",
  help: "Signal, mean t², against noise, mean (t - s)², of the latents t and s of the dense and the pruned model. No decoder is needed.",
  options: {
    scale: {
      kind: "choice",
      label: "Scale of the SNR",
      help: "bounded: signal / (signal + noise), 1 is identical; raw: signal / noise.",
      default: "bounded",
      choices: ["bounded", "raw"],
    },
  },
  role: "fitness",
  direction: "higher",
  range: [0, Infinity],
  space: "latent",
  reference: true,
  networks: [],
  open: (runtime, _networks, { scale }) =>
    graphScorer(runtime, latentSnrGraph(scale === "raw"), "latent-snr", latentSnr),
};

/** student, reference [B, C, h, w] -> score [B] */
function latentSnrGraph(raw: boolean): Uint8Array {
  return scoreGraph("latent-snr", ["student", "reference"], (g, ...latents) => {
    const { tensors, divisor } = shrunk(g, latents);
    const [student, reference] = tensors as [string, string];
    const signal = meanSquare(g, reference);
    const least = g.node("Div", [g.scalar(LEAST_NOISE), g.node("Mul", [divisor, divisor])]);
    const noise = g.node("Max", [meanSquare(g, g.node("Sub", [reference, student])), least]);
    return g.node("Div", [signal, raw ? noise : g.node("Add", [signal, noise])]);
  });
}
