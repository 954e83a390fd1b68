import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { StudioError } from "../core/errors.ts";
import { columnsInOrder, type Factor, materialise } from "../core/factor.ts";
import { obs } from "./obs.ts";
import type { LayerStatistics } from "./pruner.ts";

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly groupSize: number;
  readonly boundaries: number[];
  readonly items: number;
  readonly damping: number;
  readonly dead: number[];
  readonly weight: string;
  readonly gram: string;
  readonly order: number[];
  readonly losses: number[];
  readonly kept: number[][];
  readonly weights: string[];
  /** Of cases that refit the bias. */
  readonly affine?: { readonly sum: string; readonly tokens: number; readonly shifts: string[] };
}
const fixture = new URL("../testing/fixtures/obs.json", import.meta.url);
const all: Case[] = JSON.parse(readFileSync(fixture, "utf8")).cases;
const cases = all.filter(({ affine }) => !affine);

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
}

function statisticsOf(c: Case): LayerStatistics & Required<Pick<LayerStatistics, "gram">> {
  const structure = c.groupSize > 1 ? "head" : "channel";
  const sum = c.affine && { values: floats(c.affine.sum), tokens: c.affine.tokens };
  return {
    ...c,
    structure,
    boundaries: Int32Array.from(c.boundaries),
    weight: floats(c.weight),
    gram: floats(c.gram),
    ...(sum && { sum }),
  };
}

/** max|a - b| / max|b| */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return scale === 0 ? worst : worst / scale;
}

/** The damped Hessian, written again for the checks. */
function hessianOf({ gram, columns: n, items }: ReturnType<typeof statisticsOf>, damping: number): number[][] {
  const h = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (2 / items) * gram[i * n + j]!));
  const mean = h.reduce((sum, row, i) => sum + row[i]!, 0) / n;
  return h.map((row, i) => row.map((value, j) => value + (i === j ? damping * mean : 0)));
}

/** W - W' [rows, columns], zero-filled where columns are gone. */
function change(layer: LayerStatistics, factor: Factor, level: number): number[][] {
  const { kept, weight } = materialise(factor, layer.weight, layer.rows, level);
  return Array.from({ length: layer.rows }, (_, r) => {
    const row = Array.from(layer.weight.subarray(r * layer.columns, (r + 1) * layer.columns));
    kept.forEach((column, i) => {
      row[column]! -= weight[r * kept.length + i]!;
    });
    return row;
  });
}

describe("parity with literal sequential elimination", () => {
  for (const c of all) {
    test(c.name, () => {
      const layer = statisticsOf(c);
      const factor = obs.factor(layer, { damping: c.damping, mean: c.affine !== undefined });
      expect(Array.from(factor.order)).toEqual(c.order);
      expect(difference(factor.losses, c.losses)).toBeLessThan(1e-6);
      c.weights.forEach((expected, level) => {
        const cut = materialise(factor, layer.weight, c.rows, level);
        expect(Array.from(cut.kept)).toEqual(c.kept[level]);
        // The authors write zeros where the calibration inputs are always zero; we leave those weights alone.
        const live = cut.weight.map((w, i) => (c.dead.includes(cut.kept[i % cut.kept.length]!) ? 0 : w));
        expect(difference(live, floats(expected))).toBeLessThan(1e-5);
        const shift = c.affine ? floats(c.affine.shifts[level]!) : new Float32Array(c.rows);
        expect(difference(cut.shift, shift)).toBeLessThan(1e-5);
      });
    });
  }
});

describe("properties", () => {
  const live = cases.filter((c) => c.dead.length === 0);

  test.each(live)("$name: survivors solve the normal equations and losses are the objective", (c) => {
    const layer = statisticsOf(c);
    const h = hessianOf(layer, c.damping);
    const factor = obs.factor(layer, { damping: c.damping });
    const scale = Math.max(...h.map((row, i) => row[i]!));
    for (let level = 1; level < c.boundaries.length; level++) {
      const { kept } = materialise(factor, layer.weight, c.rows, level);
      const delta = change(layer, factor, level);
      const product = delta.map((row) => h.map((column) => row.reduce((sum, d, i) => sum + d * column[i]!, 0)));
      for (const row of product) for (const column of kept) expect(Math.abs(row[column]!) / scale).toBeLessThan(2e-5);
      const objective = product.reduce((sum, row, r) => sum + row.reduce((s, x, i) => s + x * delta[r]![i]!, 0), 0);
      expect(factor.losses[level]! / objective).toBeCloseTo(1, 5);
    }
  });

  test.each(cases)("$name: level 0 is dense to the bit, kept sets are nested, the top level is empty", (c) => {
    const layer = statisticsOf(c);
    const factor = obs.factor(layer, {});
    const top = c.boundaries.length - 1;
    expect(materialise(factor, layer.weight, c.rows, 0).weight).toEqual(layer.weight);
    expect(materialise(factor, layer.weight, c.rows, top)).toEqual({
      level: top,
      kept: new Int32Array(0),
      weight: new Float32Array(0),
      shift: new Float32Array(c.rows),
    });
    for (let level = 1; level <= top; level++) {
      const before = new Set(materialise(factor, layer.weight, c.rows, level - 1).kept);
      const { kept } = materialise(factor, layer.weight, c.rows, level);
      expect(kept.length).toBe(c.columns - c.boundaries[level]!);
      expect(kept.every((column) => before.has(column))).toBe(true);
    }
  });

  test.each(cases)("$name: losses start at zero and never fall", (c) => {
    const { losses } = obs.factor(statisticsOf(c), {});
    expect(losses[0]).toBe(0);
    for (let level = 1; level < losses.length; level++)
      expect(losses[level]).toBeGreaterThanOrEqual(losses[level - 1]!);
    expect(losses.at(-1)).toBeGreaterThan(0);
  });

  test("dead structures go first and cost nothing", () => {
    const c = cases.find(({ name }) => name === "6 x 20, dead channels")!;
    const factor = obs.factor({ ...statisticsOf(c), boundaries: Int32Array.of(0, 2, 20) }, {});
    expect(Array.from(factor.order.subarray(0, 2))).toEqual(c.dead);
    expect(factor.losses[1]).toBe(0);
  });

  test("a layer that was never reached is removed in order, at no cost", () => {
    const layer = { ...statisticsOf(cases[0]!), gram: new Float32Array(144) };
    const factor = obs.factor(layer, {});
    expect(Array.from(factor.order)).toEqual([...Array(12).keys()]);
    expect(Array.from(factor.losses)).toEqual(Array(13).fill(0));
  });

  test.each(live)("$name: renaming the structures renames the order and nothing else", (c) => {
    const layer = statisticsOf(c);
    const n = c.columns;
    const groups = n / c.groupSize;
    // An affine permutation: 5 shares no factor with any number of groups here.
    const order = Int32Array.from({ length: groups }, (_, i) => (5 * i + 3) % groups);
    const columns = columnsInOrder({ order, groupSize: c.groupSize });
    const renamed: LayerStatistics = {
      ...layer,
      weight: layer.weight.map((_, i) => layer.weight[i - (i % n) + columns[i % n]!]!),
      gram: Float32Array.from(layer.gram, (_, i) => layer.gram[columns[Math.floor(i / n)]! * n + columns[i % n]!]!),
    };
    const before = obs.factor(layer, {});
    const after = obs.factor(renamed, {});
    expect(Array.from(after.order, (group) => order[group]!)).toEqual(Array.from(before.order));
    expect(difference(after.losses, before.losses)).toBeLessThan(1e-6);
    // Columns inside a head swap places only with their head, so the packed blocks agree.
    expect(difference(after.lower, before.lower)).toBeLessThan(1e-5);
  });

  test("with mean correction the pruned layer gives what the dense one gives, on average", () => {
    for (const c of all.filter(({ affine }) => affine)) {
      const layer = statisticsOf(c);
      const factor = obs.factor(layer, { damping: 0, mean: true });
      const mean = layer.sum!.values.map((value) => value / layer.sum!.tokens);
      for (let level = 0; level < c.boundaries.length; level++) {
        const { shift } = materialise(factor, layer.weight, c.rows, level);
        const moved = change(layer, factor, level).map((row) => row.reduce((sum, d, i) => sum + d * mean[i]!, 0));
        expect(difference(shift, moved)).toBeLessThan(1e-4);
      }
    }
  });

  test("one level needs no factor at all", () => {
    const layer = { ...statisticsOf(cases[0]!), boundaries: Int32Array.of(0, 12) };
    expect(obs.factor(layer, {}).lower.length).toBe(0);
  });

  test("repeated boundaries are levels that remove nothing more", () => {
    const layer = { ...statisticsOf(cases[0]!), boundaries: Int32Array.of(0, 0, 6, 6, 12) };
    const factor = obs.factor(layer, {});
    expect(factor.losses[1]).toBe(0);
    expect(factor.losses[3]).toBe(factor.losses[2]);
    expect(materialise(factor, layer.weight, layer.rows, 3).weight).toEqual(
      materialise(factor, layer.weight, layer.rows, 2).weight,
    );
  });
});

describe("bad input", () => {
  const layer: LayerStatistics = { ...statisticsOf(cases[0]!), name: "blocks.3.mlp.fc2, stage 7" };
  function refusal(changed: Partial<LayerStatistics>, damping = 0.01, mean = false): StudioError {
    try {
      obs.factor({ ...layer, ...changed }, { damping, mean });
    } catch (error) {
      return error as StudioError;
    }
    throw new Error("nothing was refused");
  }

  test("a Hessian that is not positive definite names layer, pivot and damping", () => {
    const error = refusal({ gram: new Float32Array(144).fill(1) }, 0);
    expect(error.code).toBe("not-positive-definite");
    expect(error.message).toBe(
      "obs blocks.3.mlp.fc2, stage 7: H is not positive definite at pivot 1; raise damping (now 0)",
    );
    expect(error.details).toMatchObject({ pivot: 1, layer: layer.name });
    expect(() => obs.factor({ ...layer, gram: new Float32Array(144).fill(1) }, {})).not.toThrow();
  });

  test("mean correction without sums, or with sums of other columns", () => {
    expect(refusal({}, 0.01, true)).toMatchObject({ code: "missing-data", message: expect.stringContaining('"sum"') });
    const sum = { values: new Float32Array(5), tokens: 3 };
    expect(refusal({ sum }, 0.01, true)).toMatchObject({ code: "shape-mismatch" });
  });

  test.each([
    ["NaN in the gram", { gram: new Float32Array(144).fill(Number.NaN) }, "invalid-input"],
    ["infinite weights", { weight: new Float32Array(96).fill(Infinity) }, "invalid-input"],
    ["no items", { items: 0 }, "invalid-input"],
    ["boundaries that do not end at the columns", { boundaries: Int32Array.of(0, 6) }, "invalid-input"],
    ["boundaries inside a head", { groupSize: 4, boundaries: Int32Array.of(0, 6, 12) }, "invalid-input"],
    ["a short gram", { gram: new Float32Array(100) }, "shape-mismatch"],
    ["a short weight", { weight: new Float32Array(12) }, "shape-mismatch"],
  ] as const)("%s", (_, changed, code) => {
    const error = refusal(changed);
    expect(error.code).toBe(code);
    expect(error.message).toContain(layer.name);
  });
});
