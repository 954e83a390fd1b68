// Racing: candidates are compared on growing parts of the pictures, and those that cannot be among the best any more are
// spared the rest (Maron & Moore 1994; for evolution Heidrich-Meisner & Igel 2009; ours in addition to Diff-ES §3.2).
// Pictures differ in difficulty far more than schedules do, so differences are paired, picture by picture; and it is the
// mean over these very pictures that decides in the end, so only those not seen yet are in doubt. The confidence is that
// of a single comparison: a candidate falls by as many of them as there are survivors, which errs far less often, while a
// bound for all comparisons and looks at once would spare next to nothing. `bench racing` measures what is lost.

import { StudioError } from "./errors.ts";
import { studentTail } from "./student.ts";
import type { Ratio } from "./tensor.ts";

export interface Racing {
  /** Of one comparison, more than 1/2 and less than 1. */
  readonly confidence: Ratio;
  /** Pictures until the first comparison, 2 or more. */
  readonly chunk: number;
}

/** Pictures until the first comparison, unless asked otherwise. */
export const CHUNK = 4;

/** Pictures `first` … `first + count - 1` of a set. */
export interface Part {
  readonly first: number;
  readonly count: number;
}

/** @throws invalid-input unless so many pictures can be raced so */
export function checkRacing({ confidence, chunk }: Racing, pictures: number): void {
  const refuse = (message: string) => {
    throw new StudioError("invalid-input", `racing: ${message}`);
  };
  if (!(confidence > 0.5 && confidence < 1)) refuse(`confidence ${confidence}; use more than 0.5 and less than 1`);
  if (!(Number.isInteger(chunk) && chunk >= 2)) refuse(`chunks of ${chunk} pictures; use at least 2`);
  if (chunk >= pictures)
    refuse(`${pictures} pictures cannot be raced in chunks of ${chunk}; use more pictures or smaller chunks`);
}

/**
 * What a search scores of its pictures, about: 2.6 times fewer of 64 at a confidence of 0.9 (`bench racing`), and the
 * fewer parts there are, the less can be spared.
 */
export function racedShare({ chunk }: Racing, pictures: number): Ratio {
  const spared = (1 - 1 / 2.6) * (Math.log2(Math.max(1, pictures / chunk)) / Math.log2(64 / CHUNK));
  return 1 - Math.min(0.75, spared);
}

/** Parts in turn: each half as large as all before it, in whole chunks and at least one; the last is what is left. */
export function partsOf(pictures: number, chunk: number): Part[] {
  const parts: Part[] = [];
  for (let first = 0; first < pictures; ) {
    const grown = chunk * Math.max(1, Math.floor(first / 2 / chunk));
    const count = Math.min(grown, pictures - first);
    parts.push({ first, count });
    first += count;
  }
  return parts;
}

/**
 * Those that at least `keep` others are surely better than, by the pictures seen so far; never the best `keep`.
 * @param scores [entrants][seen], higher is better
 * @param pictures those that decide in the end, seen or not
 */
export function outOfReach(
  scores: readonly (readonly number[])[],
  keep: number,
  pictures: number,
  confidence: Ratio,
): boolean[] {
  return scores.map((own) => {
    const better = scores.filter((other) => worseBy(other, own, pictures) < 1 - confidence);
    return better.length >= keep;
  });
}

/** Chance that `other` is not better than `own` on all pictures, for paired scores of those seen. */
function worseBy(other: readonly number[], own: readonly number[], pictures: number): number {
  const seen = own.length;
  const differences = other.map((score, picture) => score - (own[picture] as number));
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / seen;
  if (seen < 2 || !(mean > 0)) return 1;
  const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (seen - 1);
  // a finite population: what was seen is known, so the error of the mean ends at 0
  return studentTail(mean / Math.sqrt(variance * (1 / seen - 1 / pictures)), seen - 1);
}
