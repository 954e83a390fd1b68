import { beforeEach, describe, expect, test, vi } from "vitest";
import type { SampleRequest } from "../engine/api.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { type MatrixAxis, matrixAxes } from "./matrix-axes.ts";
import { memoryPlace } from "./place.ts";
import { selectMatrix } from "./select-matrix.ts";
import { createStudioStore, type StudioStore } from "./store.ts";

let store: StudioStore;
const drawn: SampleRequest[] = [];
const state = () => store.getState();
const matrix = () => selectMatrix(state());
const whole = () =>
  vi.waitFor(() =>
    expect(
      matrix()
        ?.cells.flat()
        .every(({ picture, problem }) => picture ?? problem),
    ).toBe(true),
  );

beforeEach(async () => {
  const engine = createScriptedEngine();
  drawn.length = 0;
  const sample: typeof engine.sample = (request, ...rest) => {
    if (request.labels.length === 1) drawn.push(request);
    return engine.sample(request, ...rest);
  };
  store = createStudioStore(
    { ...engine, sample },
    memoryPlace("stages=4&searcher.generations=2&searcher.offspring=3&probes=2&view=compare"),
  );
  await state().start();
  await state().search();
  await vi.waitFor(() => expect(state().banks.cards.length).toBeGreaterThan(0));
});

describe("a matrix of pictures", () => {
  test("draws nothing until it is asked for, then each cell once, and what is known not again", async () => {
    state().setMatrix({ rows: "seed", columns: "guidance" });
    expect(drawn).toEqual([]);
    state().setMatrix({ asked: true });
    await whole();
    expect(drawn).toHaveLength(4 * 4);
    expect(matrix()?.side).toBe(64);
    state().setMatrix({ rows: "guidance" });
    expect(state().matrix).toMatchObject({ rows: "guidance", columns: "seed" });
    await whole();
    expect(drawn).toHaveLength(4 * 4);
  });

  test("carries a schedule over to other budgets and stages", async () => {
    state().setMatrix({ rows: "sparsity", columns: "stages", asked: true });
    await whole();
    expect(matrix()?.columns).toEqual([4, 20]);
    for (const { schedule } of drawn) {
      const { levels = [], division = [] } = schedule ?? {};
      expect(levels).toHaveLength(division.length);
      expect(levels.every((level) => Number.isInteger(level) && level >= 0 && level <= 12)).toBe(true);
    }
    const sums = drawn.map(({ schedule }) => (schedule?.levels ?? []).reduce((sum, level) => sum + level, 0));
    expect(sums).toEqual([0.1, 0.2, 0.3, 0.4, 0.5].flatMap((s) => [4, 20].map((n) => Math.round(s * 12 * n))));
  });

  test("says what a cell lacks", () => {
    state().setMatrix({ rows: "schedule", columns: "pruner", schedule: "searched" });
    state().set("steps", 20);
    state().compareOn({ plan: { ...state().settings, steps: 6 } });
    state().setMatrix({ rows: "steps", columns: "schedule" });
    const problems = matrix()?.cells[0]?.map(({ problem }) => problem);
    expect(matrix()?.rows).toEqual([3, 6, 12]);
    expect(problems).toContain("4 stages need at least 4 steps.");
    expect(problems?.[0]).toBeUndefined(); // dense has none
  });

  test.each(matrixAxes)("has an axis of %s", (axis: MatrixAxis) => {
    state().setMatrix({ rows: axis });
    expect(matrix()?.rows.length).toBeGreaterThan(0);
  });
});
