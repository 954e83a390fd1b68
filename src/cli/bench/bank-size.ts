// How large is a bank of all levels? Computed from the shapes of the published DiTs for ten stages, and measured for
// the loaded model: one calibration with few latents, because size does not depend on their number.

import { bankBytes } from "../../core/cost.ts";
import { boundariesOf } from "../../core/levels.ts";
import { uniformDivision } from "../../core/schedule.ts";
import type { Bytes, Level } from "../../core/tensor.ts";
import type { EngineBench } from "./bench.ts";
import { round3 } from "./measure.ts";

const STAGES = 10;
const FLOAT: Bytes = 4;
/** Depth, width and heads (Peebles and Xie 2023, table 1); the last is the demo's. */
const MODELS = {
  "DiT-S/2": [12, 384, 6],
  "DiT-B/2": [12, 768, 12],
  "DiT-L/2": [24, 1024, 16],
  "DiT-XL/2": [28, 1152, 16],
  "Tiny Worlds": [12, 192, 12],
} as const;

export const bankSize: EngineBench = {
  help: "bytes of a bank: factors against one snapshot per level, published DiTs and the loaded model",
  async run({ engine, card }, { signal }) {
    const computed = Object.entries(MODELS).map(([model, [depth, width, heads]]) => {
      const layers = layersOf(depth, width, heads);
      const factors = bankBytes(layers, STAGES, "width");
      const snapshots = STAGES * layers.reduce((sum, layer) => sum + snapshotBytes(layer, width, heads), 0);
      return { model, stages: STAGES, factors, snapshots, ratio: round3(factors / snapshots) };
    });
    const division = uniformDivision(STAGES, card.timesteps);
    const request = { pruner: { id: "obs" }, division, items: 8, seed: 0 };
    const { bytes } = await engine.calibrate(request, () => {}, signal);
    return { computed, measured: { model: card.name, stages: STAGES, factors: bytes } };
  },
};

interface Layer {
  readonly block: number;
  readonly structure: "head" | "channel";
  readonly columns: number;
  readonly groupSize: number;
}

/** The layers that are cut: attn.proj by heads and mlp.fc2 by channels, four times as wide as the model. */
function layersOf(depth: number, width: number, heads: number): Layer[] {
  return Array.from({ length: depth }, (_, block): Layer[] => [
    { block, structure: "head", columns: width, groupSize: width / heads },
    { block, structure: "channel", columns: 4 * width, groupSize: 1 },
  ]).flat();
}

/** The authors' form: the weights and kept columns of every level from 1 on. */
export function snapshotBytes(
  { columns, groupSize }: Pick<Layer, "columns" | "groupSize">,
  rows: number,
  maxLevel: Level,
): Bytes {
  const kept = [...boundariesOf(columns, groupSize, maxLevel)].slice(1).map((removed) => columns - removed);
  return kept.reduce((sum, count) => sum + FLOAT * (rows * count + count), 0);
}
