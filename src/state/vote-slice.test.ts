import { expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { createStudioStore } from "./store.ts";
import { outcomeOfVote, trialOf } from "./vote-slice.ts";

const PICTURES = 10;
const begin = { question: "closer", pair: ["uniform", "searched"], seed: 3, pictures: PICTURES } as const;

test("every picture comes once a round, and both sides get either schedule", () => {
  const trials = Array.from({ length: 20 * PICTURES }, (_, asked) => trialOf({ ...begin, asked }));
  for (let round = 0; round < 20; round++) {
    const pictures = trials.slice(round * PICTURES, (round + 1) * PICTURES).map(({ picture }) => picture);
    expect([...pictures].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  const swapped = trials.filter((trial) => trial.swapped).length;
  expect(swapped).toBeGreaterThan(70); // 100 are expected of 200; this few come once in 100 000 seeds
  expect(swapped).toBeLessThan(130);
});

test("who always votes for one schedule gives it every vote, wherever it stands", () => {
  const { getState } = createStudioStore(createScriptedEngine());
  getState().beginVote(begin);
  for (let asked = 0; asked < 12; asked++) getState().castVote(trialOf({ ...begin, asked }).swapped ? "left" : "right");
  getState().castVote(undefined);
  const vote = getState().vote;
  expect(vote).toMatchObject({ asked: 13, votes: 12, forFirst: 0, revealed: false });
  expect(vote && outcomeOfVote(vote)).toMatchObject({ share: 0, low: 0, high: expect.closeTo(0.2425, 4) });
});

test("nothing can be cast once it is revealed, and without votes there is no outcome", () => {
  const { getState } = createStudioStore(createScriptedEngine());
  getState().beginVote(begin);
  getState().revealVote();
  getState().castVote("left");
  expect(getState().vote).toMatchObject({ asked: 0, votes: 0 });
  expect(outcomeOfVote({ votes: 0, forFirst: 0 })).toBeUndefined();
  getState().closeVote();
  expect(getState().vote).toBeUndefined();
});
