import { beforeAll, describe, expect, test } from "vitest";
import { uniformDivision, weightedLevels } from "../core/schedule.ts";
import { keepsBudget } from "../core/space.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { ignore, SEARCH } from "../testing/tiny-engine.ts";
import type { SearchRequest } from "./api.ts";
import { costOf, plan, summaryOf } from "./experiment.ts";
import { type LoadedModel, loadModel } from "./load.ts";

let model: LoadedModel;
beforeAll(async () => {
  const { base, read } = new TinyBundle();
  model = await loadModel({ kind: "bundle", base }, read, ignore);
});

/** The plan for a model with so many heads. */
const planned = (request: Partial<SearchRequest>, heads = 12) =>
  plan({ ...model, spec: { ...model.spec, heads } }, { ...SEARCH, ...request });

describe("equal cost", () => {
  test("uniform and MosaicDiff spend the same steps x levels at every setting of the paper and around it", () => {
    for (const heads of [6, 12, 16])
      for (const steps of [10, 20, 50])
        for (const stages of [3, 5, 10])
          for (const target of [0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75]) {
            const { uniform, mosaic, search } = planned({ steps, stages, target }, heads);
            const [a, b] = [
              weightedLevels(mosaic.levels, mosaic.stepsPerStage),
              weightedLevels(uniform, search.stepsPerStage),
            ];
            expect(Math.abs(a / b - 1), `${heads} heads, ${steps} steps, ${stages} stages, ${target}`).toBeLessThan(
              0.01,
            );
          }
  });

  test("MosaicDiff carried over onto the search's stages keeps the budget and its shape", () => {
    const { projected, space } = planned({ stages: 10, steps: 20 });
    expect(projected.reduce((sum, level) => sum + level, 0)).toBe(space.budget);
    const [first = 0, last = 0] = [projected[0], projected.at(-1)];
    expect(first).toBeGreaterThan(Math.min(...projected));
    expect(last).toBeGreaterThanOrEqual(Math.min(...projected));
  });
});

test("a budget over steps: stages of 7, 6 and 7 steps, and every start within half a level of it", () => {
  const { space, uniform, projected, mosaic } = planned({ stages: 3, steps: 20, budget: "steps" }, 16);
  expect(space).toEqual({ numStages: 3, maxLevel: 16, budget: 160, stepsPerStage: [7, 6, 7] });
  expect(uniform).toEqual([8, 8, 8]);
  expect(keepsBudget(projected, space)).toBe(true);
  expect(Math.abs(weightedLevels(mosaic.levels, mosaic.stepsPerStage) - 160)).toBeLessThanOrEqual(1);
  expect(planned({ stages: 3, steps: 20 }, 16).space).toEqual({ numStages: 3, maxLevel: 16, budget: 24 });
});

test("earlier schedules of other stages and budgets become starts on the budget", () => {
  const earlier = { division: uniformDivision(5, model.noise.timesteps), levels: [2, 4, 6, 8, 10] };
  const { warm } = planned({ stages: 10, target: 0.5, steps: 20, warm: [earlier] });
  expect(warm).toEqual([[2, 2, 4, 4, 6, 6, 8, 8, 10, 10]]);
  const [scaled = []] = planned({ stages: 10, target: 0.25, steps: 20, warm: [earlier] }).warm;
  expect(scaled).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  expect(() => planned({ warm: [{ ...earlier, levels: [1] }] })).toThrow("1 levels for 5 stages");
});

test("the summary says what the integer budget reaches, not what was asked for", () => {
  const experiment = planned({ target: 0.45, stages: 5 }, 16);
  const { budget, sparsity, timesteps, stageOfStep } = summaryOf(experiment, { id: "bank" }, 3);
  expect(budget).toBe(7 * 5); // 7.2 of 16 levels
  expect(sparsity).toBeCloseTo(7 / 16, 12);
  expect(timesteps[0]).toBe(999);
  expect(timesteps.at(-1)).toBe(0);
  expect(stageOfStep).toHaveLength(SEARCH.steps);
});

test("a schedule costs nothing less than dense at level zero, and less at every level above", () => {
  const { search, kind } = planned({}, model.spec.heads);
  const macs = [0, 1, 2, 3, 4].map((level) => {
    const levels = search.division.map(() => level);
    return costOf(model, kind, search, levels, [3, 1, 2], 4).macs;
  });
  const dense = costOf(model, kind, search, undefined, [3, 1, 2], 4);
  expect(macs[0]).toBe(dense.denseMacs);
  for (let level = 1; level < macs.length; level++) expect(macs[level]).toBeLessThan(macs[level - 1] as number);
  expect(dense).toMatchObject({ sparsity: 0, stepTime: 2, batch: 4 });
});

test.each([
  [{ confidence: 0.5, chunk: 4 }, "racing: confidence 0.5; use more than 0.5"],
  [{ confidence: 1, chunk: 4 }, "racing: confidence 1; use"],
  [{ confidence: 0.9, chunk: 1 }, "racing: chunks of 1 pictures; use at least 2"],
  [{ confidence: 0.9, chunk: 16 }, "16 pictures cannot be raced in chunks of 16; use more pictures or smaller chunks"],
])("%o is refused", (racing, message) => {
  expect(() => planned({ probes: 16, racing })).toThrow(message);
});
