import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uniformDivision } from "../core/schedule.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Place } from "./multistep.ts";
import type { OpenSchedule } from "./pipeline.ts";
import { PrefixCache } from "./prefix-cache.ts";

const STAGES = 4;
const PER_STAGE = 2;
const stages = Array.from({ length: STAGES * PER_STAGE }, (_, step) => Math.floor(step / PER_STAGE));
const bank = { id: "bank" } as OpenSchedule["bank"];
const routeOf = (levels: readonly number[]) => ({
  schedule: { bank, division: uniformDivision(STAGES, 1000), levels },
  stages,
});

/** What a sampler would come to after each step: it depends on the levels so far and on nothing else. */
const BYTES = 8;
function trajectoryOf(levels: readonly number[]): Place<Tensor>[] {
  return stages.map((stage, step) => {
    const code = levels.slice(0, stage + 1).reduce((sum, level) => 5 * sum + level, 1);
    return { latent: { shape: [2], data: Float32Array.of(code, step) } };
  });
}

/** A rollout of the schedule that leaves its borders in the cache; how many steps it found there. */
function roll(cache: PrefixCache, levels: readonly number[], whole: boolean): number {
  const route = routeOf(levels);
  const expected = trajectoryOf(levels);
  const prefix = cache.longest(route, whole);
  const begin = prefix?.steps ?? 0;
  if (prefix) expect(prefix.places).toEqual(expected.slice(whole ? 0 : begin - 1, begin));
  for (let reached = begin / PER_STAGE + 1; reached < STAGES; reached++) {
    const end = reached * PER_STAGE;
    cache.keep(route, reached, expected.slice(whole ? end - PER_STAGE : end - 1, end));
  }
  return begin;
}

const schedules = fc.array(fc.array(fc.nat(2), { minLength: STAGES, maxLength: STAGES }), { maxLength: 30 });

describe("whatever was sampled before, in whatever room", () => {
  test("a prefix is what the schedule itself would have come to", () => {
    fc.assert(
      fc.property(schedules, fc.array(fc.boolean()), fc.nat(40), fc.boolean(), (all, whole, room, dense) => {
        const cache = new PrefixCache(room * BYTES);
        if (dense) cache.keepDense(trajectoryOf([0, 0, 0, 0]));
        for (const [i, levels] of all.entries()) roll(cache, levels, whole[i] ?? false);
      }),
    );
  });

  test("with room for all, it is as long as the longest beginning in common", () => {
    fc.assert(
      fc.property(schedules, fc.boolean(), fc.boolean(), (all, whole, dense) => {
        const cache = new PrefixCache(Number.POSITIVE_INFINITY);
        const seen = dense ? [[0, 0, 0, 0]] : [];
        if (dense) cache.keepDense(trajectoryOf([0, 0, 0, 0]));
        for (const levels of all) {
          const common = seen.map((other) => {
            const differing = other.findIndex((level, stage) => level !== levels[stage]);
            return Math.min(differing < 0 ? STAGES : differing, STAGES - 1);
          });
          expect(roll(cache, levels, whole)).toBe(PER_STAGE * Math.max(0, ...common));
          seen.push(levels);
        }
      }),
    );
  });
});

test("latents that schedules share are kept once", () => {
  // three stages of two latents each; the second schedule adds one stage only
  const cache = new PrefixCache(4 * PER_STAGE * BYTES);
  roll(cache, [1, 1, 1, 0], true);
  expect(roll(cache, [1, 1, 2, 0], true)).toBe(2 * PER_STAGE);
  expect(roll(cache, [1, 1, 1, 2], true)).toBe(3 * PER_STAGE);
  expect(roll(cache, [1, 1, 2, 2], true)).toBe(3 * PER_STAGE);
});
