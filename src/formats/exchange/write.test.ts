import fc from "fast-check";
import { expect, test } from "vitest";
import { uniformDivision } from "../../core/schedule.ts";
import { authorsFiles, textsOf } from "../../testing/authors-files.ts";
import { readEvolution, writeEvolution } from "./evolution.ts";
import { type Meta, readMeta, type SearchSettings, writeMeta } from "./meta.ts";
import { readDepthOrders, readWidthOrders, writeDepthOrders, writeWidthOrders } from "./orders.ts";
import { readFolder } from "./read.ts";
import { readLevels, readRatios, writeLevels, writeRatios } from "./schedule.ts";
import { readTimings, writeTimings } from "./timings.ts";
import { writeFolder } from "./write.ts";

const given = <T>(value: T | undefined): T => value ?? expect.unreachable("nothing was read");
const silent = (problem: string) => expect.unreachable(problem);

const SETTINGS: SearchSettings = {
  generations: 1,
  offspring: 16,
  survivors: 1,
  maxMove: 5,
  mutations: 1,
  calibrationItems: 1024,
  metric: "img_topiq",
  compared: { mode: "final", weights: "uniform", suffix: 0.5 },
  probes: 64,
  validated: false,
  seed: 42,
};

test("each of the authors' files is written again as it was read", () => {
  const theirs = authorsFiles();
  const texts = textsOf(theirs);
  const read = <T>(name: keyof typeof theirs, reader: (text: string, report: (problem: string) => void) => T) =>
    given(reader(given(texts.get(name)), silent));
  const levels = read("levels_per_stage.json", readLevels);
  expect(JSON.parse(writeLevels(given(levels)))).toEqual(theirs["levels_per_stage.json"]);
  expect(JSON.parse(writeRatios(given(levels), 4))).toEqual(theirs["ratios_per_stage.json"]);
  expect(read("ratios_per_stage.json", readRatios)).toEqual([0.75, 0.5, 0.25]);
  const orders = given(read("orders_wanda.json", readWidthOrders));
  expect(JSON.parse(writeWidthOrders(orders))).toEqual(theirs["orders_wanda.json"]);
  const timings = given(read("timings.json", readTimings));
  expect(timings).toMatchObject({ calibration: 3.6e6, search: 7.2e6, total: 1.08e7 });
  expect(JSON.parse(writeTimings(timings))).toEqual(theirs["timings.json"]);

  const meta = given(read("meta.json", readMeta));
  const { studio, ...written } = JSON.parse(writeMeta({ ...meta, stepsPerStage: [7, 6, 8] }, SETTINGS));
  const noCounterpart = { traj_suffix_frac: null, traj_late_weighting: null, traj_eps_weight: null };
  expect(written).toEqual({ ...theirs["meta.json"], ...noCounterpart, traj_probe_seed: 42 });
  expect(studio).toMatchObject({ k_mapping: "intended", steps_per_stage: [8, 6, 7] });

  const compared = { mode: "suffix", weights: "cosine", suffix: 0.4 };
  expect(JSON.parse(writeMeta(meta, { ...SETTINGS, metric: "latent-cosine", compared }))).toMatchObject({
    traj_fitness_metric: "latent_cos",
    traj_fitness_mode: "suffix",
    traj_suffix_frac: 0.4,
    traj_late_weighting: "cosine",
  });

  const evolution = given(read("evolution.json", readEvolution));
  theirs["evolution.json"].generations[0]?.selections[0]?.pool.reverse(); // ours is best first
  expect(JSON.parse(writeEvolution(evolution, meta.division))).toEqual(theirs["evolution.json"]);
});

const order = (count: number) => fc.shuffledSubarray([...Array(count).keys()], { minLength: count });
const each = <T>(count: number, value: fc.Arbitrary<T>) => fc.array(value, { minLength: count, maxLength: count });

test("orders of any stages and blocks come back", () => {
  const stages = fc.integer({ min: 1, max: 12 });
  const depth = stages.chain((count) => each(count, order(5)));
  const block = fc.record({ heads: order(3), channels: order(6) });
  const width = fc.tuple(stages, fc.integer({ min: 1, max: 4 })).chain(([s, b]) => each(s, each(b, block)));
  fc.assert(
    fc.property(depth, width, (blocks, structures) => {
      expect(readDepthOrders(writeDepthOrders(blocks), silent)).toEqual(blocks);
      expect(readWidthOrders(writeWidthOrders(structures), silent)).toEqual(structures);
    }),
  );
});

/** Levels 1, but for pairs of stages that moved one level: their mean is 1. */
const schedule = (stages: number) =>
  order(stages).map((places) => {
    const levels = new Array<number>(stages).fill(1);
    for (let i = 0; i + 1 < stages; i += 2) {
      levels[places[i] as number] = 0;
      levels[places[i + 1] as number] = 2;
    }
    return levels;
  });

/** A finished search over any stages of a model with 5 blocks, 3 heads and 6 channels. */
const searches = fc
  .record({
    method: fc.constantFrom("layerdrop", "obs", "wanda", "magnitude", "activation"),
    stages: fc.integer({ min: 1, max: 12 }),
  })
  .chain(({ method, stages }) => {
    const kind = method === "layerdrop" ? "depth" : "width";
    const millionths = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1e6);
    const population = fc.array(fc.record({ levels: schedule(stages), fitness: millionths }), { minLength: 2 });
    const generation = population.map((scored) => ({
      population: scored.toSorted((a, b) => b.fitness - a.fitness),
      survivors: 1,
    }));
    const meta: Meta = {
      method,
      kind,
      division: uniformDivision(stages, 1000),
      maxLevel: kind === "depth" ? 5 : 3,
      targetLevel: 1,
      steps: 20,
      guidance: 2.1,
      mapping: "intended",
      model: "abc",
      depth: 5,
      heads: kind === "depth" ? undefined : 3,
    };
    const generations = fc.array(generation, { minLength: 1, maxLength: 3 });
    return fc.record({ meta: fc.constant(meta), levels: schedule(stages), generations });
  });

/** Undefined in results from before the parts were kept. */
const spent = fc.option(fc.record({ calibration: fc.nat(), search: fc.nat() }), { nil: undefined });

test("any search is written without a mismatch, and its schedule and history come back", () => {
  const sizes = { depth: 5, heads: 3, channels: 6 };
  fc.assert(
    fc.property(searches, spent, ({ meta, levels, generations }, times) => {
      const { method, kind, maxLevel, division, mapping, steps, guidance, targetLevel } = meta;
      const log = { settings: SETTINGS, generations, elapsed: 1500, times };
      const files = writeFolder({ meta, levels, log });
      const expected = { sizes, timesteps: 1000, model: "abc", kindOf: () => kind };
      const read = { method, maxLevel, division, levels, mapping, steps, guidance };
      expect(readFolder("ours", files, expected)).toEqual(read);
      const timings = given(readTimings(given(files.get("timings.json")), silent));
      const { calibration, search } = times ?? {};
      for (const [found, wanted] of [
        [timings.calibration, calibration],
        [timings.search, search],
        [timings.total, times ? times.calibration + times.search : 1500],
      ])
        expect(found).toEqual(wanted === undefined ? undefined : expect.closeTo(wanted, 3));
      const { offspring, survivors, maxMove } = SETTINGS;
      const planned = generations.length;
      const history = { kind, maxLevel, targetLevel, offspring, survivors, maxMove, generations, planned, division };
      expect(readEvolution(given(files.get("evolution.json")), silent)).toEqual(history);
    }),
    { numRuns: 50 },
  );
});
