// How long one layer of the demo model takes: `npx vitest bench src/pruners/obs.bench.ts`.

import { bench, describe } from "vitest";
import { materialise } from "../core/factor.ts";
import { inverseSpd } from "../core/linalg.ts";
import { obs } from "./obs.ts";
import type { LayerStatistics } from "./pruner.ts";

function layer(rows: number, columns: number, groupSize: number, levels: number): LayerStatistics {
  let state = 1;
  const uniform = () => {
    state = Math.imul(state, 1103515245) + 12345;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
  // Three shared causes and noise of its own make the inputs correlated, at the cost of their number only.
  const causes = Array.from({ length: 3 }, () => Float64Array.from({ length: columns }, uniform));
  const gram = new Float32Array(columns * columns);
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < columns; j++)
      gram[i * columns + j] = causes.reduce((sum, cause) => sum + cause[i]! * cause[j]!, i === j ? 0.3 : 0);
  const boundaries = Int32Array.from({ length: levels + 1 }, (_, level) => (level * columns) / levels);
  const weight = Float32Array.from({ length: rows * columns }, uniform);
  return { name: "bench", weight, rows, columns, groupSize, boundaries, gram, items: 1 };
}

const options = { warmupIterations: 3, iterations: 9, time: 0 };

describe("MLP channels, 192 x 768, 12 levels", () => {
  const mlp = layer(192, 768, 1, 12);
  const factor = obs.factor(mlp, {});
  bench("inverse of the Hessian", () => void inverseSpd(Float64Array.from(mlp.gram), 768), options);
  bench("OBS factor", () => void obs.factor(mlp, {}), options);
  bench("weights at half the channels", () => void materialise(factor, mlp.weight, 192, 6), options);
});

describe("attention heads, 192 x 192, 12 heads of 16", () => {
  const attention = layer(192, 192, 16, 12);
  const factor = obs.factor(attention, {});
  bench("OBS factor", () => void obs.factor(attention, {}), options);
  bench("weights at half the heads", () => void materialise(factor, attention.weight, 192, 6), options);
});
