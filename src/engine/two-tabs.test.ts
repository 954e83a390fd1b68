// Two engines on one storage, as in two tabs: what one makes, the other waits for and uses.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CALIBRATION, eventsOf, never, openTiny, SEARCH, type TinyEngine } from "../testing/tiny-engine.ts";
import type { Progress, SearchEvent } from "./api.ts";

let first: TinyEngine;
let second: TinyEngine;
beforeEach(async () => {
  first = await openTiny();
  second = await openTiny({ storage: first.storage });
  await Promise.all([first.load(), second.load()]);
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([first.engine.close(), second.engine.close()]);
});

const labelsOf = (events: readonly Progress[]) => [...new Set(events.map(({ label }) => label))];

describe("a bank that another tab is making", () => {
  const WAITING = "Another tab or process is making this bank";
  const calibrate = ({ engine }: TinyEngine, events: Progress[], signal = never()) =>
    engine.calibrate(CALIBRATION, (event) => events.push(event), signal);

  test("is waited for, and found made", async () => {
    const events: Progress[][] = [[], []];
    const made = await Promise.all([first, second].map((tab, i) => calibrate(tab, events[i] as Progress[])));
    expect(made.map(({ reused }) => reused)).toEqual([false, true]);
    expect(made[1]).toMatchObject({ id: made[0]?.id, whole: true, bytes: made[0]?.bytes });
    expect(second.factored).toEqual([]);
    expect(second.runtime.runs()).toBe(0);
    expect(labelsOf(events[0] as Progress[])).not.toContain(WAITING);
    expect(labelsOf(events[1] as Progress[])).toEqual([WAITING]);
  });

  test("is waited for no longer when that is cancelled", async () => {
    const controller = new AbortController();
    const making = calibrate(first, []);
    const waiting = calibrate(second, [], controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect((await making).reused).toBe(false);
  });

  test("is gone on with when that tab fails", async () => {
    const failing = await openTiny({
      storage: first.storage,
      onFactor: ({ name }) => {
        if (name.endsWith("stage 1")) throw new Error("the tab ends");
      },
    });
    await failing.load();
    const ended = expect(calibrate(failing, [])).rejects.toThrow("the tab ends");
    expect(await calibrate(second, [])).toMatchObject({ reused: false, whole: true });
    await ended;
    expect(second.factored.filter((name) => name.endsWith("stage 0"))).toEqual([]);
    await failing.engine.close();
  });

  test("does not hold up another bank", async () => {
    const events: Progress[] = [];
    const other = { ...CALIBRATION, seed: 2 };
    await Promise.all([calibrate(first, []), second.engine.calibrate(other, (event) => events.push(event), never())]);
    expect(labelsOf(events)).not.toContain(WAITING);
  });
});

test("who waits says so again and again, with how far the other one is", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { id } = await first.calibrate();
  await first.storage.remove(["bank", id, "record", 2]);
  const holding = first.storage.exclusive(
    `bank ${id}`,
    () => held,
    never(),
    () => {},
  );
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const events: Progress[] = [];
  const waiting = second.engine.calibrate(CALIBRATION, (event) => events.push(event), never());
  await vi.waitFor(() => expect(events).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(6000);
  await vi.waitFor(() => expect(events).toHaveLength(4));
  for (const { done } of events) expect(done).toBeCloseTo(2 / 3, 12);
  release();
  await holding;
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});

test("a search that another tab runs is waited for, and no candidate is scored twice", async () => {
  const events: SearchEvent[] = [];
  const [one, other] = await Promise.all([
    first.engine.search(SEARCH, () => {}, never()),
    second.engine.search(SEARCH, (event) => events.push(event), never()),
  ]);
  expect(other.historyHash).toBe(one.historyHash);
  expect(eventsOf(events, "progress")[0]?.label).toBe("Another tab or process is running this search");
  expect(eventsOf(events, "candidate")).toEqual([]);
  expect(second.factored).toEqual([]);
});
