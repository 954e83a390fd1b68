import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { scheduleKey } from "../core/schedule.ts";
import { keepsBudget } from "../core/space.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { dying } from "../testing/dying-storage.ts";
import { additive, spaceOf, stageLosses } from "../testing/landscapes.ts";
import { eventsOf, SEARCH } from "../testing/tiny-engine.ts";
import type { Fork, SearchEvent } from "./api.ts";
import { coursesOf } from "./courses.ts";
import { EvaluationStore } from "./evaluations.ts";
import { evolve, historyHash } from "./evolve.ts";
import { Journal } from "./journal.ts";
import { type RunRecord, RunStore } from "./run-store.ts";

const space = spaceOf(4, 5, 9);
const PROJECTED = [0, 1, 4, 4];
const landscape = additive(stageLosses(space, 1));

interface Life {
  readonly storage?: Storage;
  /** The process dies when it is to score one more. */
  readonly scores?: number;
  readonly run?: string;
  readonly context?: string;
  /** Schedules that were scored, in order. */
  readonly scored?: string[];
  readonly forks?: readonly Fork[];
}

/** A search in one life of its process. */
async function search(id: string, options: OptionValues, life: Life = {}) {
  const { storage = openMemory(), scores = Infinity, run = "run", context = "context", scored = [], forks = [] } = life;
  const runs = new RunStore(storage);
  const evaluations = new EvaluationStore(storage);
  const request = { ...SEARCH, seed: 1, searcher: { id, options } };
  const journal = await Journal.open({ run, request, forks, model: "model", context, runs, evaluations });
  const { courses } = coursesOf(request, forks, { space, projected: PROJECTED, warm: [] });
  const resumedAt = journal.generations;
  const events: SearchEvent[] = [];
  const evolved = await evolve(courses, 100, {
    journal,
    tools: { now: () => 0, exclusive: (work) => work(), hold: async () => {} },
    on: (event) => events.push(event),
    signal: new AbortController().signal,
    score: async (levels) => {
      if (scored.length === scores) throw new Error("killed");
      scored.push(scheduleKey(levels));
      const fitness = landscape(levels);
      return { fitness, scores: [fitness], stepTimes: [], calls: { run: 1, saved: 0 } };
    },
    routed: (levels) => ({ division: [], levels, bank: "bank" }),
  });
  return { ...evolved, events, scored, resumedAt };
}

const WAYS = [
  ["greedy", { reading: "constructive" }],
  ["sensitivity", { generations: 3, offspring: 3, levels: 2 }],
  ["evolution", { generations: 3, offspring: 3, survivors: 2, start: "sensitivity", screen: 3 }],
  ["evolution", { generations: 4, offspring: 3, survivors: 2 }],
  ["evolution", { generations: 4, offspring: 3, survivors: 2, variant: "official-compat" }],
] as const;

describe.each(WAYS)("%s %o", (id, options) => {
  const ended = (rest: Awaited<ReturnType<typeof search>>, whole: Awaited<ReturnType<typeof search>>) => {
    expect(historyHash(rest.history)).toBe(historyHash(whole.history));
    expect(rest.generations).toEqual(whole.generations);
  };

  test("killed at any candidate, it ends with the same history and scores none again", async () => {
    const whole = await search(id, options);
    for (let lives = 0; lives < whole.scored.length; lives++) {
      const storage = openMemory();
      const scored: string[] = [];
      await expect(search(id, options, { storage, scores: lives, scored })).rejects.toThrow("killed");
      const rest = await search(id, options, { storage, scored });
      expect(scored).toEqual(whole.scored);
      ended(rest, whole);
    }
  });

  test("killed after any single write, it goes on with the same candidate and scores at most that one again", async () => {
    const whole = await search(id, options);
    let writes = 0;
    for (let died = true; died; writes++) {
      const storage = openMemory();
      const scored: string[] = [];
      died = await search(id, options, { storage: dying(storage, writes), scored }).then(
        () => false,
        () => true,
      );
      const before = scored.length;
      const rest = await search(id, options, { storage, scored });
      ended(rest, whole);
      const again = scored.slice(before);
      expect(scored.length - whole.scored.length).toBeLessThanOrEqual(1);
      expect(again).toEqual(whole.scored.slice(whole.scored.length - again.length));
    }
    expect(writes).toBeGreaterThan(whole.scored.length); // it was killed at every one of them
  });

  test("killed again and again at random writes, it ends the same", async () => {
    const whole = await search(id, options);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }), async (kills) => {
        const storage = openMemory();
        const scored: string[] = [];
        for (const writes of kills)
          await search(id, options, { storage: dying(storage, writes), scored }).catch(() => {});
        ended(await search(id, options, { storage, scored }), whole);
        expect(scored.length).toBeLessThanOrEqual(whole.scored.length + kills.length);
      }),
      { numRuns: 15 },
    );
  });
});

describe("what was evaluated in a context", () => {
  const options = { generations: 4, offspring: 3, survivors: 2 };

  test("is not scored again by another run, of a longer search or another searcher", async () => {
    const storage = openMemory();
    const short = await search("evolution", { ...options, generations: 2 }, { storage });
    const long = await search("evolution", options, { storage, run: "long" });
    const fresh = await search("evolution", options);
    expect(historyHash(long.history)).toBe(historyHash(fresh.history));
    expect([...short.scored, ...long.scored]).toEqual(fresh.scored);
    const other = await search("random", { generations: 4, offspring: 5 }, { storage, run: "other" });
    for (const key of other.scored) expect(fresh.scored).not.toContain(key);
  });

  test("is scored again in another context, but not by the run that goes on there", async () => {
    const storage = openMemory();
    const whole = await search("evolution", options, { storage });
    const elsewhere = await search("evolution", options, { storage, run: "other", context: "device" });
    expect(elsewhere.scored).toEqual(whole.scored);
    const same = await search("evolution", options, { storage, context: "another device" });
    expect(same.scored).toEqual([]);
    expect(historyHash(same.history)).toBe(historyHash(whole.history));
  });

  test("is scored again when its record is damaged", async () => {
    const storage = openMemory();
    const whole = await search("evolution", options, { storage });
    const keys = await storage.list(["evaluations"]);
    for (const key of [keys[0], keys.at(-1)]) {
      const bytes = (await storage.get(key as string[])) as Uint8Array;
      bytes[3] = (bytes[3] as number) ^ 1;
      await storage.put([[key as string[], bytes]]);
    }
    const again = await search("evolution", options, { storage });
    expect(again.scored).toHaveLength(2);
    expect(historyHash(again.history)).toBe(historyHash(whole.history));
  });
});

describe("a run that takes another course", () => {
  const options = { generations: 5, offspring: 3, survivors: 2 };
  /** A run forked as the engine does it: with the rounds before. */
  async function forked(storage: Storage, run: string, at: number, seed: number, changed: OptionValues = {}) {
    const runs = new RunStore(storage);
    const record = (await runs.record("run")) as RunRecord;
    const forks = [{ of: "run", at, seed, options: { ...options, ...changed } }];
    await runs.save(run, { ...record, forks, rounds: record.rounds.slice(0, at), epoch: 0 });
    return forks;
  }

  test("with the same seed and options ends as it would have, and scores nothing", async () => {
    const storage = openMemory();
    const whole = await search("evolution", options, { storage });
    for (const at of [1, 3, 5]) {
      const forks = await forked(storage, `fork at ${at}`, at, 1);
      const fork = await search("evolution", options, { storage, run: `fork at ${at}`, forks });
      expect(fork.scored).toEqual([]);
      expect(fork.resumedAt).toBe(at);
      expect(historyHash(fork.history)).toBe(historyHash(whole.history));
    }
  });

  test("with another seed shares what was before and nothing else, also when it is killed", async () => {
    const storage = openMemory();
    const whole = await search("evolution", options, { storage });
    const forks = await forked(storage, "fork", 2, 7, { generations: 6 });
    const scored: string[] = [];
    for (let writes = 0; writes < 4; writes++)
      await search("evolution", options, { storage: dying(storage, 3), run: "fork", forks, scored }).catch(() => {});
    const fork = await search("evolution", options, { storage, run: "fork", forks, scored });
    expect(fork.generations.slice(0, 2)).toEqual(whole.generations.slice(0, 2));
    expect(fork.generations).toHaveLength(6);
    expect(fork.generations[2]).not.toEqual(whole.generations[2]);
    for (const key of whole.scored) expect(scored).not.toContain(key);
  });
});

describe("a schedule made by hand", () => {
  const options = { generations: 4, offspring: 3, survivors: 2 };
  const HAND = [5, 4, 0, 0];
  const origins = (population: readonly { readonly origin: { readonly kind: string } }[]) =>
    population.map(({ origin }) => origin.kind);

  test.each(WAYS)(
    "joins the next generation of %s %o once, and a replay takes it up at the same place",
    async (id, of) => {
      const storage = openMemory();
      const runs = new RunStore(storage);
      const scored: string[] = [];
      const plain = await search(id, of);
      await search(id, of, { storage, scores: plain.scored.length - 2, scored }).catch(() => {});
      await runs.inject("run", HAND);
      await runs.inject("run", HAND);
      const whole = await search(id, of, { storage, scored });
      expect(scored.filter((key) => key === scheduleKey(HAND))).toHaveLength(1);
      const told = whole.history.findIndex(({ levels }) => scheduleKey(levels) === scheduleKey(HAND));
      expect(told).toBeGreaterThanOrEqual(0);
      if (!plain.scored.includes(scheduleKey(HAND)))
        expect(whole.generations.flatMap(({ population }) => origins(population))).toContain("injected");
      const again = await search(id, of, { storage, scored });
      expect(historyHash(again.history)).toBe(historyHash(whole.history));
      expect(again.generations).toEqual(whole.generations);
      expect(new Set(scored).size).toBe(scored.length);
    },
  );

  test("does not join rounds that were told before it was left", async () => {
    const storage = openMemory();
    const runs = new RunStore(storage);
    const short = await search("evolution", { ...options, generations: 2 }, { storage });
    await runs.inject("run", HAND);
    const replayed = await search("evolution", { ...options, generations: 2 }, { storage });
    expect(historyHash(replayed.history)).toBe(historyHash(short.history));
    const long = await search("evolution", options, { storage });
    expect(long.generations.slice(0, 2)).toEqual(short.generations);
    expect(origins(long.generations[2]?.population ?? [])).toContain("injected");
  });
});

test("a process that another one took the run from stops at the end of its round", async () => {
  const storage = openMemory();
  const options = { generations: 4, offspring: 3, survivors: 2 };
  const runs = new RunStore(storage);
  const taken = { ...storage, put: storage.put };
  taken.put = async (entries) => {
    if (entries[0]?.[0][0] === "evaluations") {
      taken.put = storage.put;
      const record = await runs.record("run");
      if (record) await runs.save("run", { ...record, epoch: record.epoch + 1 });
    }
    await storage.put(entries);
  };
  const scored: string[] = [];
  await expect(search("evolution", options, { storage: taken, scored })).rejects.toMatchObject({ code: "busy" });
  expect(scored).toHaveLength(5); // the round was paid for, so its scores are kept
  const rest = await search("evolution", options, { storage, scored });
  expect(new Set(scored).size).toBe(rest.history.length);
});

test("what is replayed shows as generations and one best schedule, not as candidates", async () => {
  const storage = openMemory();
  const options = { generations: 4, offspring: 3, survivors: 2 };
  const whole = await search("evolution", options, { storage });
  const again = await search("evolution", options, { storage });
  expect(again.resumedAt).toBe(4);
  expect(again.events.map(({ type }) => type)).toEqual([
    "generation",
    "generation",
    "generation",
    "generation",
    "best",
  ]);
  expect(eventsOf(again.events, "best")[0]?.best).toEqual(eventsOf(whole.events, "best").at(-1)?.best);
});

test("evidence off the budget is journalled like all, but is never best and in no population", async () => {
  const { events, history, generations } = await search("greedy", { reading: "constructive" });
  const evidence = eventsOf(events, "candidate").filter(({ candidate }) => candidate.partial);
  expect(evidence.length).toBeGreaterThan(20);
  expect(history).toHaveLength(eventsOf(events, "candidate").length);
  // the nearer to dense, the fitter: all of it beats every whole schedule
  const whole = history.filter(({ levels }) => keepsBudget(levels, space));
  const top = Math.max(...whole.map(({ fitness }) => fitness));
  expect(evidence[0]?.candidate.fitness).toBeGreaterThan(top);
  for (const { best } of eventsOf(events, "best")) expect(keepsBudget(best.levels, space)).toBe(true);
  expect(generations).toHaveLength(1);
  expect(generations[0]?.population).toHaveLength(whole.length);
  const labels = eventsOf(events, "progress").map(({ label }) => label);
  expect([labels[0], labels.at(-1)]).toEqual(["Evidence: candidate 1 of 4", "Generation 0: candidate 3 of 3"]);
});
