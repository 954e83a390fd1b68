// The demo model's MLP layer, 192 x 768 in 12 levels: `npx vitest bench src/core/factor.bench.ts`.

import { bench, describe } from "vitest";
import { type Factor, lowerSize, materialise } from "./factor.ts";
import { inverseSpd } from "./linalg.ts";

const rows = 192;
const columns = 768;

/** Repeatable values in [-1/2, 1/2). */
function values(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 0) / 2 ** 32 - 0.5);
}

describe("192 x 768, 12 levels", () => {
  const boundaries = Int32Array.from({ length: 13 }, (_, level) => 64 * level);
  const factor: Factor = {
    order: Int32Array.from({ length: columns }, (_, i) => (5 * i) % columns),
    groupSize: 1,
    boundaries,
    lower: values(lowerSize(boundaries)).map((x) => x / columns),
    constant: new Float32Array(0),
    losses: new Float64Array(13),
  };
  const weight = values(rows * columns);
  const dominant = Float64Array.from({ length: columns * columns }, (_, i) => (i % (columns + 1) === 0 ? 2 : 1 / 1024));

  const options = { warmupIterations: 3, iterations: 9, time: 0 };
  bench("inverse of the Hessian", () => void inverseSpd(dominant, columns), options);
  bench("weights at half the channels", () => void materialise(factor, weight, rows, 6), options);
});
