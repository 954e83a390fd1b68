// Share of a picture's energy in its high frequencies (the authors' img_fft): pruning blurs before it breaks. Noise is
// high-frequent too, so this is for the second place: "latent-cosine at least 0.88, then fft" is their fft_cos_bound.
//
// Not every provider has a DFT, and none is needed: a picture is real, and a frequency's distance from the centre does
// not tell (fy, fx) from (±fy, ±fx). So the power at all four is that of the products of cosines and sines of |fy| and
// |fx|, and the transform is two matrix products with an orthogonal real basis.

import { cos, sin } from "../core/math.ts";
import { type Tensor, tensor } from "../core/tensor.ts";
import type { GraphBuilder } from "../formats/onnx.ts";
import { inputOf, type Metric, takeScores } from "./metric.ts";
import { clampedPictures, reduceItem, scoreGraph } from "./parts/score-graph.ts";
import { SizedSessions } from "./parts/sized-sessions.ts";

/** High frequencies begin at this share of the distance from the centre of the spectrum to its corner. */
const HIGH = 0.25;
/** The least power, summed over an unnormalised DFT, that a share is taken of: a flat picture has none. */
const LEAST_POWER = 1e-12;

export const fft: Metric = {
  label: "High frequencies",
  help: "Share of the picture's spectral power above a quarter of the highest frequency, sum of |F|² at r ≥ r_max / 4 over sum of |F|². Needs no dense picture; noise raises it too.",
  options: {},
  role: "fitness",
  direction: "higher",
  range: [0, 1],
  space: "pictures",
  reference: false,
  networks: [],
  async open(runtime) {
    const sessions = new SizedSessions(runtime, "metric fft", fftGraph);
    return {
      async score(input) {
        const student = inputOf("fft", "pictures", "student", input);
        return takeScores(await (await sessions.for(student)).run({ student }));
      },
      free: () => sessions.free(),
    };
  },
};

/** student [B, 3, H, W] in [-1, 1] -> score [B] */
function fftGraph(height: number, width: number): Uint8Array {
  return scoreGraph("fft", ["student"], (g, student) => {
    const pictures = clampedPictures(g, student);
    const centred = g.node("Sub", [pictures, g.node("ReduceMean", [pictures, g.ints([2, 3])])]);
    const across = transformed(g, centred, height, width); // [B, 3, W, H]
    const spectrum = transformed(g, across, width, height); // [B, 3, H, W]
    const power = g.node("Mul", [spectrum, spectrum]);
    const mask = highFrequencies(height, width);
    const sum = (kept: Tensor) => reduceItem(g, "Sum", g.node("Mul", [power, g.constant(kept)]));
    const high = sum(mask);
    const all = g.node("Add", [high, sum({ ...mask, data: mask.data.map((one) => 1 - one) })]); // never below `high`
    // The basis is orthonormal, which an unnormalised DFT is not by the number of pixels.
    const least = g.scalar(LEAST_POWER / (height * width));
    return g.node("Div", [high, g.node("Max", [all, least])]);
  });
}

/**
 * The last axis transformed, and the last two swapped: [B, 3, rows, columns] -> [B, 3, columns, rows]. There are more
 * rows, 3 B times `rows`, than columns: threads share them out whole.
 */
function transformed(g: GraphBuilder, values: string, rows: number, columns: number): string {
  const flat = g.node("Reshape", [values, g.ints([-1, columns])]);
  const product = g.node("MatMul", [flat, g.constant(realBasis(columns))]);
  const planes = g.node("Reshape", [product, g.ints([-1, 3, rows, columns])]);
  return g.node("Transpose", [planes], { perm: [0, 1, 3, 2] });
}

/** Column k < n/2 + 1 is the cosine of frequency k, the others are the sines of 1, 2, …; orthonormal. [n, n] */
function realBasis(n: number): Tensor {
  const basis = new Float32Array(n * n);
  for (let place = 0; place < n; place++)
    for (let column = 0; column < n; column++) {
      const k = frequencyOf(column, n);
      const angle = (2 * Math.PI * ((place * k) % n)) / n;
      const alone = k === 0 || 2 * k === n; // has no sine
      basis[place * n + column] = (column === k ? cos(angle) : sin(angle)) * Math.sqrt((alone ? 1 : 2) / n);
    }
  return tensor(basis, [n, n]);
}

/** Magnitude of the frequency in a column of `realBasis(n)`. */
function frequencyOf(column: number, n: number): number {
  const highest = Math.floor(n / 2);
  return column <= highest ? column : column - highest;
}

/** 1 where the frequency is high, else 0. [H, W] */
function highFrequencies(height: number, width: number): Tensor {
  const corner = (height / 2) ** 2 + (width / 2) ** 2;
  const mask = Float32Array.from({ length: height * width }, (_, index) => {
    const [fy, fx] = [frequencyOf(Math.floor(index / width), height), frequencyOf(index % width, width)];
    return fy ** 2 + fx ** 2 >= HIGH ** 2 * corner ? 1 : 0;
  });
  return tensor(mask, [height, width]);
}
