// Metrics of greyscale pictures in 8 bits, as papers compute them from files: on the host, in float64. They look at what
// a person would have saved, so they take steps of 1/255 and serve reports, not searches.

import type { Tensor } from "../../core/tensor.ts";
import { inputOf, type MetricInput, type Scorer } from "../metric.ts";

/** Grey levels 0 … 255, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  /** [height * width]; NaN where the picture is broken. */
  readonly levels: Float64Array;
}

/** Scores pictures one by one on the host; `compares` hands the reference over too. */
export function greyScorer(
  label: string,
  compares: boolean,
  score: (student: Grey, reference: Grey) => number,
): Scorer {
  const pictures = async (role: "student" | "reference", input: MetricInput | undefined) =>
    greyOf((await inputOf(label, "pictures", role, input).download()) as Tensor);
  return {
    async score(student, reference) {
      const own = await pictures("student", student);
      const other = compares ? await pictures("reference", reference) : own;
      return Float32Array.from(own, (grey, i) => score(grey, other[i] as Grey));
    },
    free: () => Promise.resolve(),
  };
}

/** Pictures [B, 3, H, W] in [-1, 1]. [B] */
function greyOf({ shape, data }: Tensor): Grey[] {
  const [batch, , height, width] = shape as [number, number, number, number];
  const area = height * width;
  const level = (picture: number, i: number) => {
    const start = 3 * picture * area + i;
    return greyLevel(byte(data[start]!), byte(data[start + area]!), byte(data[start + 2 * area]!));
  };
  return Array.from({ length: batch }, (_, picture) => ({
    width,
    height,
    levels: Float64Array.from({ length: area }, (_, i) => level(picture, i)),
  }));
}

/** As DiT saves pictures. */
function byte(value: number): number {
  return Number.isFinite(value) ? Math.floor(Math.min(255, Math.max(0, 127.5 * value + 128))) : Number.NaN;
}

/** As OpenCV does in whole numbers: 0.299 R + 0.587 G + 0.114 B in 14 bits, rounded. */
function greyLevel(red: number, green: number, blue: number): number {
  return Math.floor((4899 * red + 9617 * green + 1868 * blue + 8192) / 16384);
}
