// How much of one set of feature vectors lies where another one is: the manifold of improved precision and recall
// (Kynkäänniemi et al. 2019, eq. 1 and 2), a ball around every vector that reaches to its k-th nearest neighbour.

import { StudioError } from "./errors.ts";
import { countOf, type Rows } from "./kernel-distance.ts";
import type { Ratio } from "./tensor.ts";

/**
 * The share of `vectors` that lies in a ball of `manifold`, borders included. Both of one length.
 * @throws invalid-input when the manifold has no k-th neighbours
 */
export function coverage(vectors: Rows, manifold: Rows, k: number): Ratio {
  const radii = squaredRadii(manifold, k);
  const count = countOf(vectors);
  let inside = 0;
  for (let i = 0; i < count; i++)
    if (radii.some((radius, j) => squaredDistance(vectors, i, manifold, j) <= radius)) inside++;
  return inside / count;
}

/** Squared distance of every vector to the k-th nearest of the others. [count] */
function squaredRadii(rows: Rows, k: number): Float64Array {
  const count = countOf(rows);
  if (count <= k)
    throw new StudioError("invalid-input", `coverage: ${count} vectors have no neighbour ${k}; give more than ${k}`);
  const nearest = new Float64Array(count * k).fill(Infinity); // ascending, k of each
  for (let i = 1; i < count; i++)
    for (let j = 0; j < i; j++) {
      const distance = squaredDistance(rows, i, rows, j);
      insert(nearest, i * k, k, distance);
      insert(nearest, j * k, k, distance);
    }
  return Float64Array.from({ length: count }, (_, i) => nearest[i * k + k - 1]!);
}

/** Into the ascending list of length k at `start`, whose last falls out. */
function insert(lists: Float64Array, start: number, k: number, value: number): void {
  let place = start + k - 1;
  if (value >= lists[place]!) return;
  while (place > start && lists[place - 1]! > value) lists[place] = lists[--place]!;
  lists[place] = value;
}

function squaredDistance(a: Rows, i: number, b: Rows, j: number): number {
  const d = a.dimension;
  const [x, y] = [i * d, j * d];
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = a.data[x + k]! - b.data[y + k]!;
    sum += difference * difference;
  }
  return sum;
}
