import { expect, test } from "vitest";
import { meanOf } from "../../../engine/fitness.ts";
import type { Replay } from "../../../engine/replay.ts";
import { raceAgain } from "./raced.ts";

const PICTURES = 8;
/** A run of one generation of which one candidate survives. */
function replayOf(scores: readonly (readonly number[])[]): Replay {
  const candidates = scores.map((own, place) => {
    const candidate = { levels: [place], origin: { kind: "random" } };
    return { candidate, levels: [place], scores: own, fitness: meanOf(own), evaluations: [], generation: 0 };
  });
  const population = candidates
    .map(({ candidate, fitness }) => ({ ...candidate, fitness }))
    .sort((a, b) => b.fitness - a.fitness);
  return { experiment: {} as Replay["experiment"], generations: [{ population, survivors: 1 }], candidates };
}
const pictures = (of: (picture: number) => number) => Array.from({ length: PICTURES }, (_, picture) => of(picture));
const racing = { confidence: 0.9, chunk: 2 };

test("a candidate that is worse on every picture is stopped at the first look, and nothing is lost", async () => {
  const run = replayOf([pictures((i) => i), pictures((i) => i - 1)]);
  expect(await raceAgain(run, racing, PICTURES)).toEqual({
    stopped: 1,
    samples: { run: PICTURES + 2, all: 2 * PICTURES },
    generations: 1,
    changed: 0,
    loss: 0,
  });
});

test("one that only begins badly is a survivor lost, by what it would have been better", async () => {
  const late = pictures((i) => (i < 2 ? -1 : 3));
  expect(await raceAgain(replayOf([pictures(() => 0), late]), racing, PICTURES)).toMatchObject({
    stopped: 1,
    changed: 1,
    loss: meanOf(late),
  });
});

test("without a look nothing is saved", async () => {
  const run = replayOf([pictures(() => 0), pictures(() => -1)]);
  const { stopped, samples } = await raceAgain(run, { confidence: 0.9, chunk: PICTURES }, PICTURES);
  expect(stopped).toBe(0);
  expect(samples.run).toBe(samples.all);
});
