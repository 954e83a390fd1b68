import { describe, expect, test } from "vitest";
import { scheduleKey } from "../../core/schedule.ts";
import { keepsBudget } from "../../core/space.ts";
import { additive, climb, interacting, spaceOf, stageLosses } from "../../testing/landscapes.ts";
import { evolution } from "../evolution.ts";
import { sensitivity } from "../sensitivity.ts";
import { bestOfModel, tableAsks, tableLosses } from "./sensitivity.ts";

const space = spaceOf(10, 12, 60);
const losses = stageLosses(space, 4);
const scoresOf = (spacing: number) => {
  const landscape = additive(losses);
  return new Map(tableAsks(space, spacing).map(({ levels }) => [scheduleKey(levels), landscape(levels)]));
};

describe("the table", () => {
  test("asks dense first, then stage after stage, so that each shares what lies before it with dense", () => {
    const asks = tableAsks(spaceOf(3, 7, 12), 3);
    expect(asks.map(({ levels }) => scheduleKey(levels))).toEqual([
      "0,0,0",
      "3,0,0",
      "6,0,0",
      "7,0,0",
      "0,3,0",
      "0,6,0",
      "0,7,0",
      "0,0,3",
      "0,0,6",
      "0,0,7",
    ]);
    expect(asks.every(({ partial }) => partial)).toBe(true);
  });
  test("measures no level that would spend the budget alone: all of it is evidence", () => {
    const asks = tableAsks(spaceOf(2, 9, 5), 3);
    expect(asks.map(({ levels }) => scheduleKey(levels))).toEqual(["0,0", "3,0", "4,0", "0,3", "0,4"]);
    expect(asks.every(({ partial }) => partial)).toBe(true);
    expect(tableAsks(spaceOf(2, 9, 0), 3)).toEqual([{ levels: [0, 0], origin: { kind: "probe" } }]);
    const steps = { ...spaceOf(2, 9, 12), stepsPerStage: [1, 4] };
    expect(tableAsks(steps, 9).map(({ levels }) => scheduleKey(levels))).toEqual(["0,0", "8,0", "9,0", "0,2"]);
  });
  test("goes straight on above what was measured", () => {
    const small = spaceOf(2, 5, 4);
    const landscape = additive([
      [0, 1, 2, 4, 99, 99],
      [0, 1, 1, 1, 99, 99],
    ]);
    const asks = tableAsks(small, 1);
    const scores = new Map(asks.map(({ levels }) => [scheduleKey(levels), landscape(levels)]));
    expect(tableLosses(asks, scores, small)).toEqual([
      [0, 1, 2, 4, 6, 8],
      [0, 1, 1, 1, 1, 1],
    ]);
  });
  test("is what pruning one stage costs: exact where measured, near between", () => {
    for (const [spacing, error] of [
      [1, 1e-12],
      [4, 0.06],
    ] as const) {
      const table = tableLosses(tableAsks(space, spacing), scoresOf(spacing), space);
      for (const [s, stage] of losses.entries())
        for (const [level, loss] of stage.entries()) {
          const off = Math.abs((table?.[s]?.[level] as number) - loss);
          expect(off).toBeLessThan(level % spacing === 0 ? 1e-12 : error * (stage.at(-1) as number));
        }
    }
  });
  test("is none before all is measured", () => {
    const scores = scoresOf(4);
    scores.delete("0,0,0,0,0,0,0,0,0,12");
    expect(tableLosses(tableAsks(space, 4), scores, space)).toBeUndefined();
  });
});

test("the model's best are distinct, new, and on the budget", () => {
  const taken = new Set(bestOfModel(losses, space, 5, new Set()).map(({ levels }) => scheduleKey(levels)));
  expect(taken.size).toBe(5);
  const next = bestOfModel(losses, space, 5, taken);
  for (const { levels } of next) {
    expect(taken.has(scheduleKey(levels))).toBe(false);
    expect(keepsBudget(levels, space)).toBe(true);
  }
  expect(
    bestOfModel(
      [
        [0, 1],
        [0, 1],
      ],
      spaceOf(2, 1, 1),
      9,
      new Set(),
    ),
  ).toHaveLength(2);
});

describe("against the paper's 1604 evaluations, where neighbours interact", () => {
  /** Whole and partial evaluations until the fitness was first reached. */
  const callsUntil = (
    search: ReturnType<typeof evolution.start>,
    landscape: ReturnType<typeof additive>,
    goal: number,
  ) => {
    let calls = 0;
    while (!search.done) {
      for (const { levels, partial } of search.ask()) {
        calls++;
        if (!partial && landscape(levels) >= goal) return calls;
      }
      climb(search, landscape, 1);
    }
    return Infinity;
  };
  test.each([0, 1, 2])("table %i: its best fitness within a tenth of its evaluations, screened", (seed) => {
    const landscape = interacting(stageLosses(space, seed + 10), 0.1);
    const paper = evolution.start(space, { variant: "official-compat" }, seed);
    climb(paper, landscape);
    const goal = paper.best?.fitness as number;
    const screened = evolution.start(space, { start: "sensitivity", screen: 16, generations: 20 }, seed);
    expect(callsUntil(screened, landscape, goal)).toBeLessThanOrEqual(160);
    const modelled = sensitivity.start(space, { generations: 20 }, seed);
    expect(callsUntil(modelled, landscape, goal)).toBeLessThanOrEqual(160);
  });
});
