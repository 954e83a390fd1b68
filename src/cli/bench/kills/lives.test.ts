import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { SearchResult } from "../../../engine/api.ts";
import { type Account, type Attempt, endure, type Life, momentsOf, survival } from "./lives.ts";

const result = (historyHash: string, levels = [1, 2]) =>
  ({ historyHash, best: { levels }, device: { name: "none" }, model: { id: "none" } }) as unknown as SearchResult;
const made = (...addresses: string[]) => addresses.map((address, place) => ({ address, seconds: 2 + place }));
const life = (given: Partial<Life>): Life => ({
  ...{ phase: "search", made: [], before: 0, lost: 0, result: undefined, seconds: 9 },
  ...given,
});
const whole = life({ made: made("a", "b", "c", "d"), result: result("hash") });

describe("survival", () => {
  const lives = [
    life({ phase: "start" }),
    life({ made: made("a", "b") }),
    life({ made: made("b", "c"), before: 2 }),
    life({ made: made("b", "c", "d"), before: 3, lost: 2, result: result("hash") }),
  ];

  test("counts what was made again and what was lost", () => {
    expect(survival(whole, lives)).toEqual({
      kills: 3,
      phases: { start: 1, search: 2 },
      sameWinner: true,
      sameHistory: true,
      evaluations: { undisturbed: 4, killed: 4 },
      again: { all: 3, most: 2 },
      lost: 2,
      resumeSeconds: { median: 2, min: 2, max: 2, runs: 2 },
    });
  });

  test("sees another winner and another history", () => {
    const other = [...lives.slice(0, -1), life({ result: result("other", [2, 1]) })];
    expect(survival(whole, other)).toMatchObject({ sameWinner: false, sameHistory: false });
  });
});

test("moments spread over the search, and some come before a process has scored", () => {
  const moment = momentsOf(0, 300, life({ made: made(...Array.from({ length: 900 }, String)), seconds: 1000 }));
  const moments = Array.from({ length: 300 }, () => moment([]));
  const early = moments.filter(({ evaluations }) => evaluations === 0);
  expect(early.length / 300).toBeCloseTo(1 / 3, 1);
  for (const { seconds } of early) expect(seconds).toBeLessThan(2);
  const done = moments.reduce((sum, { evaluations }) => sum + evaluations, 0);
  expect(done / 900).toBeCloseTo(0.5, 1);
});

/** A search of so many evaluations; each of its processes goes on with what they kept, and a kill takes the last one away. */
function search(total: number, forgetful: boolean) {
  const kept: string[] = [];
  return async (): Promise<Attempt> => {
    const before = kept.length;
    const mine: string[] = [];
    let [killed, over] = [false, false];
    const work = async () => {
      while (!killed && kept.length < total) {
        await setTimeout(2);
        mine.push(String(kept.length));
        kept.push(String(kept.length));
      }
      over = true;
      if (forgetful && mine.length > 0 && killed) kept.pop();
      return killed ? undefined : result(kept.join());
    };
    return {
      ended: work(),
      async reached(count) {
        while (!over && mine.length < count) await setTimeout(1);
      },
      async kill() {
        killed = true;
      },
      account: async (): Promise<Account> => ({
        ...{ phase: "search", before, lost: 0 },
        made: mine.map((address) => ({ address, seconds: 0.001 })),
      }),
    };
  };
}

test.each([
  [false, 0],
  [true, 1],
])("a search is killed as often as asked, and one that forgets (%s) makes something again", async (forgetful, most) => {
  const context = { signal: new AbortController().signal, report: () => {} };
  const endured = await endure(search(100, false), search(100, forgetful), 6, context);
  expect(endured).toMatchObject({ kills: 6, sameHistory: true, evaluations: { undisturbed: 100, killed: 100 } });
  expect(endured.again.most).toBe(most);
});
