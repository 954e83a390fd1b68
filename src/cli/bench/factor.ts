// What does one factor for all levels cost? Our OBS with its greedy order search, a factor of that same order once it is
// known, and the literal sequential elimination in that order, which leaves a snapshot per level: time in one thread, bytes,
// and how far the weights of every level are from the literal ones in float64.

import { columnsInOrder, type Factor, factorBytes, materialise } from "../../core/factor.ts";
import type { Ratio } from "../../core/tensor.ts";
import { obs } from "../../pruners/obs.ts";
import { snapshotBytes } from "./bank-size.ts";
import type { NumericsBench } from "./bench.ts";
import { lowerInOrder } from "./elimination/given-order.ts";
import { correlatedLayer, dampedHessian, type ObservedLayer } from "./elimination/layer.ts";
import { eliminateLiterally } from "./elimination/literal.ts";
import { interleave, round3 } from "./measure.ts";

const ROWS = 192;
const LEVELS = 12;
const DAMPING = 1e-2;
/** Columns, and columns per structure: heads of the demo's attn.proj, channels of narrow and of its own mlp.fc2. */
const LAYERS = [
  [192, 16],
  [384, 1],
  [768, 1],
] as const;

export const factor: NumericsBench = {
  help: "time, bytes and error of one factor for all levels against the literal sequential elimination",
  async compute(flags, { signal, report }) {
    const rows = [];
    for (const [columns, groupSize] of LAYERS) {
      signal.throwIfAborted();
      report(`${columns} columns`);
      rows.push(await measureLayer(correlatedLayer(ROWS, columns, groupSize, LEVELS), flags.integer("rounds")));
    }
    return { unit: "ms", threads: 1, levels: LEVELS, damping: DAMPING, rows };
  },
};

async function measureLayer(layer: ObservedLayer, rounds: number) {
  const { rows, columns, groupSize, boundaries } = layer;
  const h = dampedHessian(layer, DAMPING);
  const greedy = obs.factor(layer, { damping: DAMPING });
  const order = columnsInOrder(greedy);
  const times = await interleave(
    {
      greedy: async () => void obs.factor(layer, { damping: DAMPING }),
      givenOrder: async () => void lowerInOrder(h, order, boundaries),
      literal: async () => void eliminateLiterally(layer, h, order, boundaries),
    },
    rounds,
  );
  const literal = eliminateLiterally(layer, h, order, boundaries);
  const given = { ...greedy, lower: lowerInOrder(h, order, boundaries) };
  const bytes = {
    factor: factorBytes(columns, groupSize, boundaries),
    snapshots: snapshotBytes({ columns, groupSize }, rows, LEVELS),
  };
  return {
    rows,
    columns,
    groupSize,
    ...times,
    literalOverGivenOrder: round3(times.literal.median / times.givenOrder.median),
    literalOverGreedy: round3(times.literal.median / times.greedy.median),
    bytes: { ...bytes, ratio: round3(bytes.factor / bytes.snapshots) },
    /** Largest over all levels. */
    error: {
      greedy: round3(largestError(layer, greedy, literal)),
      givenOrder: round3(largestError(layer, given, literal)),
    },
  };
}

/** max |a - b| / max |b| of a level's float32 weights against the literal ones, of the worst level. */
export function largestError(layer: ObservedLayer, factor: Factor, literal: readonly Float64Array[]): Ratio {
  const order = columnsInOrder(factor);
  const errors = literal.map((exact, index) => {
    const removed = factor.boundaries[index + 1]!;
    const { kept, weight } = materialise(factor, layer.weight, layer.rows, index + 1);
    const place = new Map(Array.from(kept, (column, at) => [column, at]));
    const width = kept.length;
    let [difference, largest] = [0, 0];
    for (let i = 0; i < exact.length; i++) {
      const column = order[removed + (i % width)]!;
      const found = weight[Math.floor(i / width) * width + place.get(column)!]!;
      difference = Math.max(difference, Math.abs(found - exact[i]!));
      largest = Math.max(largest, Math.abs(exact[i]!));
    }
    return difference === 0 ? 0 : difference / largest;
  });
  return Math.max(...errors);
}
