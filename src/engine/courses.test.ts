import { describe, expect, test } from "vitest";
import type { OptionValues } from "../core/options.ts";
import { scheduleKey } from "../core/schedule.ts";
import { openMemory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { dying } from "../testing/dying-storage.ts";
import { journalled, WAYS } from "../testing/journalled-search.ts";
import { historyHash } from "./evolve.ts";
import { type RunRecord, RunStore } from "./run-store.ts";

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
    const whole = await journalled("evolution", options, { storage });
    for (const at of [1, 3, 5]) {
      const forks = await forked(storage, `fork at ${at}`, at, 1);
      const fork = await journalled("evolution", options, { storage, run: `fork at ${at}`, forks });
      expect(fork.scored).toEqual([]);
      expect(fork.resumedAt).toBe(at);
      expect(historyHash(fork.history)).toBe(historyHash(whole.history));
    }
  });

  test("with another seed shares what was before and nothing else, also when it is killed", async () => {
    const storage = openMemory();
    const whole = await journalled("evolution", options, { storage });
    const forks = await forked(storage, "fork", 2, 7, { generations: 6 });
    const scored: string[] = [];
    for (let writes = 0; writes < 4; writes++)
      await journalled("evolution", options, { storage: dying(storage, 3), run: "fork", forks, scored }).catch(
        () => {},
      );
    const fork = await journalled("evolution", options, { storage, run: "fork", forks, scored });
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
      const plain = await journalled(id, of);
      await journalled(id, of, { storage, scores: plain.scored.length - 2, scored }).catch(() => {});
      await runs.inject("run", HAND);
      await runs.inject("run", HAND);
      const whole = await journalled(id, of, { storage, scored });
      expect(scored.filter((key) => key === scheduleKey(HAND))).toHaveLength(1);
      const told = whole.history.findIndex(({ levels }) => scheduleKey(levels) === scheduleKey(HAND));
      expect(told).toBeGreaterThanOrEqual(0);
      if (!plain.scored.includes(scheduleKey(HAND)))
        expect(whole.generations.flatMap(({ population }) => origins(population))).toContain("injected");
      const again = await journalled(id, of, { storage, scored });
      expect(historyHash(again.history)).toBe(historyHash(whole.history));
      expect(again.generations).toEqual(whole.generations);
      expect(new Set(scored).size).toBe(scored.length);
    },
  );

  test("does not join rounds that were told before it was left", async () => {
    const storage = openMemory();
    const runs = new RunStore(storage);
    const short = await journalled("evolution", { ...options, generations: 2 }, { storage });
    await runs.inject("run", HAND);
    const replayed = await journalled("evolution", { ...options, generations: 2 }, { storage });
    expect(historyHash(replayed.history)).toBe(historyHash(short.history));
    const long = await journalled("evolution", options, { storage });
    expect(long.generations.slice(0, 2)).toEqual(short.generations);
    expect(origins(long.generations[2]?.population ?? [])).toContain("injected");
  });
});
