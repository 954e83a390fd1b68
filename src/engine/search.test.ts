import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { median } from "../core/median.ts";
import { scheduleKey, uniformDivision, weightedLevels } from "../core/schedule.ts";
import { stepsPerStage } from "../core/timeline.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { TINY_HEADS, tinyDitFile } from "../testing/tiny-dit.ts";
import { eventsOf, ignore, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type {
  Comparison,
  Finalist,
  RoutedSchedule,
  ScheduleId,
  ScoredSchedule,
  SearchEvent,
  SearchRequest,
  SearchResult,
} from "./api.ts";
import { agreement } from "./judge.ts";

let tiny: TinyEngine;
let result: SearchResult;
const events: SearchEvent[] = [];
beforeAll(async () => {
  tiny = await openTiny();
  await tiny.load();
  result = await tiny.engine.search(SEARCH, (event) => events.push(event), never());
});
afterAll(async () => {
  await tiny.engine.close();
  expect(tiny.runtime.tensors).toEqual([]);
  expect(tiny.runtime.sessions).toEqual([]);
});

/** A search in an engine of its own. */
async function search(request: Partial<SearchRequest>, bundle?: TinyBundle): Promise<SearchResult> {
  const other = await openTiny(bundle ? { bundle } : {});
  await other.load();
  const found = await other.engine.search({ ...SEARCH, ...request }, ignore, never());
  await other.engine.close();
  expect(other.runtime.tensors).toEqual([]);
  expect(other.runtime.sessions).toEqual([]);
  return found;
}

const comparison = (id: ScheduleId, of = result) => of.comparisons.find((entry) => entry.id === id) as Comparison;
const fittest = (found: SearchResult) => found.generations.at(-1)?.population[0] as ScoredSchedule;
const sum = (levels: readonly number[]) => levels.reduce((total, level) => total + level, 0);

describe("every candidate", () => {
  test("spends the budget exactly and stays within the levels", () => {
    const candidates = eventsOf(events, "candidate").map(({ candidate }) => candidate.levels);
    expect(candidates.length).toBe(result.evaluations);
    for (const levels of [...candidates, ...result.generations.flatMap((g) => g.population.map((s) => s.levels))]) {
      expect(sum(levels)).toBe(result.space.budget);
      expect(levels).toHaveLength(SEARCH.stages);
      for (const level of levels) expect(level).toSatisfy((l: number) => l >= 0 && l <= TINY_HEADS);
    }
  });

  test("is scored once: survivors keep their fitness and no schedule comes twice", () => {
    const keys = eventsOf(events, "candidate").map(({ candidate }) => scheduleKey(candidate.levels));
    expect(new Set(keys).size).toBe(keys.length);
    // two baselines; for the finalists, and again for the four that are compared, dense comes first
    expect(tiny.scored()).toBe(1 + 2 + result.evaluations + 1 + result.finalists.length + 4);
  });
});

describe("generations", () => {
  test("are ranked, and the best never gets worse", () => {
    let best = Number.NEGATIVE_INFINITY;
    for (const { population, survivors } of result.generations) {
      const fitness = population.map((scored) => scored.fitness);
      expect(fitness).toEqual([...fitness].sort((a, b) => b - a));
      expect(survivors).toBe(2);
      expect(fitness[0]).toBeGreaterThanOrEqual(best);
      best = fitness[0] as number;
    }
    expect(best).toBeGreaterThanOrEqual(result.best.fitness);
    expect(result.generations).toHaveLength(result.space.generations);
  });

  test("the fittest is at least as fit as the starting points: uniform and MosaicDiff carried over", () => {
    const kinds = result.generations[0]?.population.map(({ origin }) => origin.kind);
    expect(kinds).toContain("uniform");
    expect(kinds).toContain("warm");
    expect(fittest(result).fitness).toBeGreaterThanOrEqual(comparison("uniform").fitness);
  });

  test("arrive as events in order: started, baselines, candidates of a generation, the generation", () => {
    const order = events.map(({ type }) => type).filter((type) => type !== "progress" && type !== "best");
    const [size = 0, ...later] = result.generations.map((_, generation) => {
      const own = eventsOf(events, "candidate").filter((event) => event.generation === generation);
      return own.length;
    });
    const whole = [size, ...later].flatMap((count) => [...new Array<string>(count).fill("candidate"), "generation"]);
    expect(order).toEqual(["started", "baseline", "baseline", "baseline", ...whole]);
    expect(eventsOf(events, "generation").map(({ population }) => population)).toEqual(
      result.generations.map(({ population }) => population),
    );
    expect(eventsOf(events, "best").at(-1)).toMatchObject({ best: { levels: result.best.levels } });
  });
});

test("neighbouring stages may share the factors of their common timesteps", async () => {
  const found = await search({ stagesPerFactor: 3 });
  expect(found.space.division).toEqual(result.space.division);
  expect(found.space.bank).not.toBe(result.space.bank);
  for (const { population } of found.generations)
    for (const { levels } of population) expect(levels).toHaveLength(SEARCH.stages);
  const other = await openTiny();
  const { layers } = (await other.load()).spec;
  await other.engine.search({ ...SEARCH, stagesPerFactor: 3 }, ignore, never());
  expect(other.factored.length).toBe((2 + 3) * layers.length); // three and one of four stages, and MosaicDiff's
  const schedule = comparison("searched", found).schedule as RoutedSchedule;
  const sampled = { schedule, steps: 10, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 };
  expect((await other.engine.sample(sampled, ignore, never())).cost.sparsity).toBeCloseTo(SEARCH.target, 12);
  const elsewhere = { ...schedule, division: uniformDivision(5, 1000), levels: [1, 1, 1, 1, 1] };
  await expect(other.engine.sample({ ...sampled, schedule: elsewhere }, ignore, never())).rejects.toMatchObject({
    code: "invalid-input",
    message: expect.stringMatching(/timesteps \d+ … \d+ lie in no stage of 999 … 250, 249 … 0/),
  });
  await other.engine.close();
});

describe("baselines", () => {
  const spent = ({ schedule }: Comparison, { timesteps }: SearchResult["space"]) =>
    schedule ? weightedLevels(schedule.levels, stepsPerStage(schedule.division, timesteps)) : 0;

  test.each([10, 20, 50])("spend the same steps x levels within a hundredth in %i steps", async (steps) => {
    const options = { generations: 1, survivors: 1, offspring: 1 };
    const found = steps === SEARCH.steps ? result : await search({ steps, searcher: { id: "evolution", options } });
    const uniform = spent(comparison("uniform", found), found.space);
    expect(uniform).toBe((SEARCH.target * TINY_HEADS * steps) as number);
    expect(Math.abs(spent(comparison("mosaic", found), found.space) / uniform - 1)).toBeLessThanOrEqual(0.01);
  });

  test.each([1, 2])(
    "are compared with in %i steps too, of which MosaicDiff's stages need not each have one",
    async (steps) => {
      const options = { generations: 1, survivors: 1, offspring: 1 };
      const found = await search({ steps, stages: steps, searcher: { id: "evolution", options } });
      expect(found.comparisons.map(({ id }) => id)).toEqual(["dense", "uniform", "mosaic", "searched"]);
      expect(comparison("mosaic", found).cost.sparsity).toBeCloseTo(comparison("uniform", found).cost.sparsity, 12);
      expect(comparison("mosaic", found).heldOut.every(Number.isFinite)).toBe(true);
    },
  );

  test("dense, uniform, MosaicDiff and the winner are judged on the same held-out pictures", () => {
    expect(result.comparisons.map(({ id }) => id)).toEqual(["dense", "uniform", "mosaic", "searched"]);
    for (const { heldOut } of result.comparisons) expect(heldOut).toHaveLength(SEARCH.heldOut);
    for (const score of comparison("dense").heldOut) expect(score).toBeCloseTo(1, 5);
    expect(comparison("searched").schedule?.levels).toEqual(result.best.levels);
    expect(comparison("dense").schedule).toBeUndefined();
    const { mean } = result.verdict.againstUniform;
    const [a, b] = [comparison("searched").heldOut, comparison("uniform").heldOut];
    expect(mean).toBeCloseTo((sum(a) - sum(b)) / SEARCH.heldOut, 12);
  });

  test("MosaicDiff keeps its own three stages and spares the middle", () => {
    const { schedule } = comparison("mosaic");
    expect(schedule?.division.map(({ high }) => high)).toEqual([999, 549, 99]);
    const [begin = 0, middle = 0, end = 0] = schedule?.levels ?? [];
    expect(begin).toBeGreaterThanOrEqual(end);
    expect(end).toBeGreaterThanOrEqual(middle);
  });

  test("every step of a judgement runs and is timed", () => {
    for (const { cost } of result.comparisons) expect(cost.stepTime).toBeGreaterThan(0);
    expect(comparison("uniform").cost.sparsity).toBeCloseTo(SEARCH.target, 12);
    expect(comparison("uniform").cost.macs).toBeLessThan(comparison("dense").cost.macs);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});

describe("the winner", () => {
  test("is the best of the finalists on the validation pictures", () => {
    const scores = result.finalists.map(({ validation }) => validation);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(result.finalists.map(({ levels }) => scheduleKey(levels))).size).toBe(scores.length);
    const { validation: _, ...first } = result.finalists[0] as Finalist;
    expect(result.best).toEqual(first);
    expect(result.finalists.map(({ levels }) => levels)).toContainEqual(fittest(result).levels);
    expect(result.rankCorrelation).toBe(agreement(result.finalists));
  });

  test("without validation is the fittest on the probes, as in the paper", async () => {
    const found = await search({ validation: 0 });
    expect(found.finalists).toEqual([]);
    expect(found.rankCorrelation).toBeUndefined();
    expect(found.best).toEqual(fittest(found));
    expect(found.generations).toEqual(result.generations);
  });
});

describe("reproduction", () => {
  test("the same seed gives the same history, another seed another one", async () => {
    const again = await search({});
    expect(again.historyHash).toBe(result.historyHash);
    const untimed = { elapsed: 0, times: undefined, comparisons: [] };
    expect({ ...again, ...untimed }).toEqual({ ...result, ...untimed });
    expect((await search({ seed: 2 })).historyHash).not.toBe(result.historyHash);
  });

  test("the stored run is the result", async () => {
    expect(await tiny.engine.run(result.run)).toEqual(JSON.parse(JSON.stringify(result)));
    expect(await tiny.engine.runs()).toMatchObject([
      { run: result.run, request: SEARCH, forks: [], model: result.model.id, finished: true, generation: 3 },
    ]);
  });
});

describe("other models and methods", () => {
  test("LayerDrop: a level is a block", async () => {
    const found = await search({ pruner: { id: "layerdrop" } }, new TinyBundle({ depth: 4 }));
    expect(found.space).toMatchObject({ maxLevel: 4, budget: 8, sparsity: 0.5 });
    for (const { population } of found.generations) for (const { levels } of population) expect(sum(levels)).toBe(8);
  });

  test("a bare state dict is searched in latents, and its pictures are principal components", async () => {
    const bare = await openTiny();
    const source = { kind: "file", name: "bare", bytes: tinyDitFile(), heads: TINY_HEADS, prediction: "v" } as const;
    await bare.engine.load({ source }, ignore, never());
    const request = { ...SEARCH, metric: { id: "latent-mse" } };
    const found = await bare.engine.search(request, ignore, never());
    expect(comparison("dense", found).fitness).toBe(0);
    expect(found.best.fitness).toBeLessThan(0);
    const { schedule } = comparison("searched", found);
    const { pixels, side } = await bare.engine.sample(
      { schedule, steps: 10, guidance: 2, sampler: { id: "ddim" }, labels: [0, 1], seed: 1 },
      ignore,
      never(),
    );
    expect(side).toBe(8);
    expect(new Set(pixels[0]).size).toBeGreaterThan(50);
    await expect(bare.engine.search(SEARCH, ignore, never())).rejects.toMatchObject({
      code: "missing-data",
      message: expect.stringMatching(/no decoder.*latent-mse/),
    });
    await bare.engine.close();
    expect(bare.runtime.tensors).toEqual([]);
  });
});

test("metrics combined along the trajectory are one choice, which a stored run keeps", async () => {
  const id = "latent-cosine at least 0.1, then 0.5 ssim + 0.5 fft";
  const request = { ...SEARCH, metric: { id, options: { mode: "suffix", weights: "linear" } } };
  const tiny = await openTiny();
  await tiny.load();
  const found = await tiny.engine.search(request, ignore, never());
  const [dense, searched] = [comparison("dense", found), comparison("searched", found)];
  expect(dense.fitness).toBeGreaterThan(0.5); // 0.5 for SSIM, and what there is of high frequencies
  expect(searched.fitness).not.toBe(dense.fitness);
  expect((await tiny.engine.runs()).map(({ request: { metric } }) => metric)).toEqual([request.metric]);
  expect((await tiny.engine.search(request, ignore, never())).historyHash).toBe(found.historyHash);
  await tiny.engine.close();
  expect(tiny.runtime.tensors).toEqual([]);
});

describe("a request that cannot be met is refused before any work", () => {
  let fresh: TinyEngine;
  beforeAll(async () => {
    fresh = await openTiny();
    await fresh.load();
  });
  afterAll(() => fresh.engine.close());

  test.each([
    [{ probes: 0 }, "invalid-input", /0 probes/],
    [{ validation: -1 }, "invalid-input", /-1 validation/],
    [{ stagesPerFactor: 0 }, "invalid-input", /0 stages per factor/],
    [{ heldOut: 1 }, "invalid-input", /1 held-out/],
    [{ target: 0 }, "budget-unreachable", /sparsity of 0/],
    [{ target: 1 }, "budget-unreachable", /sparsity of 1/],
    [{ stages: 30 }, "invalid-input", /none of the 10 steps/],
    [{ pruner: { id: "magic" } }, "unknown-method", /"magic"/],
    [{ searcher: { id: "evolution", options: { generations: 0 } } }, "invalid-option", /generations/],
    [{ metric: { id: "quality" } }, "missing-data", /quality/],
    [{ metric: { id: "0.5 ssim + 0.5 magic" } }, "unknown-method", /"magic" does not exist/],
    [{ metric: { id: "ssim at least 2, then fft" } }, "invalid-option", /SSIM is -1 … 1/],
    [
      { metric: { id: "ssim", options: { mode: "half" } } },
      "invalid-option",
      /"half" is not one of final, suffix, full/,
    ],
    [{ calibrationItems: 0 }, "invalid-input", /0 items/],
    [{ sampler: { id: "euler" } }, "unknown-method", /"euler"/],
  ] as const)("%j", async (change, code, message) => {
    await expect(fresh.engine.search({ ...SEARCH, ...change }, ignore, never())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(fresh.runtime.runs()).toBe(0);
  });
});
