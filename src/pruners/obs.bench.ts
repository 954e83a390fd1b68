// How long one layer of the demo model takes: `npx vitest bench src/pruners/obs.bench.ts`.

import { bench, describe } from "vitest";
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
  return { name: "bench", structure: "channel", weight, rows, columns, groupSize, boundaries, gram, items: 1 };
}

const options = { warmupIterations: 3, iterations: 9, time: 0 };

describe("OBS factor, 12 levels", () => {
  const mlp = layer(192, 768, 1, 12);
  const attention = layer(192, 192, 16, 12);
  bench("MLP channels, 192 x 768", () => void obs.factor(mlp, {}), options);
  bench("attention heads of 16, 192 x 192", () => void obs.factor(attention, {}), options);
});
