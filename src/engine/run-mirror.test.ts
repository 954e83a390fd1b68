import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { memoryMirror } from "../testing/memory-mirror.ts";
import { SEARCH } from "../testing/tiny-engine.ts";
import { MIRROR_SIZE, type MirroredRun, RunMirror } from "./run-mirror.ts";

afterEach(() => vi.useRealTimers());

const ROUND = { told: [], injected: [[1, 2]], generation: true };

const runOf = (run: string, scored: MirroredRun["scored"] = []): MirroredRun => ({
  run,
  record: { request: SEARCH, model: "model", forks: [], contexts: ["context"], rounds: [ROUND], epoch: 1 },
  scored,
});
const scores = (count: number, stages: number): [number[], number][] =>
  Array.from({ length: count }, (_, i) => [new Array<number>(stages).fill(i % 28), 1 / (i + 2)]);

test("keeps runs, the one written last first, each once", async () => {
  const mirror = new RunMirror(memoryMirror());
  await Promise.all(["a", "b", "a"].map((run) => mirror.keep(runOf(run, scores(3, 4)))));
  expect(await mirror.runs()).toEqual([runOf("a", scores(3, 4)), runOf("b", scores(3, 4))]);
  await mirror.remove("a");
  expect((await mirror.runs()).map(({ run }) => run)).toEqual(["b"]);
  expect(await mirror.run("a")).toBeUndefined();
});

test("never takes more than 64 KB: the oldest scores go first, and every number stays whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ count: fc.nat(3000), stages: fc.integer({ min: 1, max: 50 }) }), { maxLength: 4 }),
      async (sizes) => {
        const store = memoryMirror();
        const mirror = new RunMirror(store);
        for (const [i, { count, stages }] of sizes.entries()) {
          const scored = scores(count, stages);
          await mirror.keep(runOf(`run ${i}`, scored));
          const text = [...store.texts.values()].join("");
          expect(text.length).toBeLessThanOrEqual(MIRROR_SIZE);
          const kept = (await mirror.run(`run ${i}`))?.scored ?? [];
          expect(kept).toEqual(scored.slice(scored.length - kept.length));
          if (kept.length < count) expect(text.length).toBeGreaterThan(MIRROR_SIZE - 300);
        }
      },
    ),
    { numRuns: 20 },
  );
});

test("a damaged text holds no runs, and is written over", async () => {
  const store = memoryMirror();
  const mirror = new RunMirror(store);
  for (const text of ["", "{", '{"version":9,"runs":[1]}', "null", "7"]) {
    store.texts.set("runs", text);
    expect(await mirror.runs()).toEqual([]);
  }
  await mirror.keep(runOf("a"));
  expect(await mirror.runs()).toEqual([runOf("a")]);
});

test("nobody waits for a mirror that fails or never answers", async () => {
  const failing = new RunMirror({
    ...memoryMirror(),
    get: () => Promise.reject(new Error("private window")),
    set: () => Promise.reject(new Error("quota")),
  });
  await failing.keep(runOf("a"));
  expect(await failing.runs()).toEqual([]);
  vi.useFakeTimers();
  const silent = new RunMirror({ ...memoryMirror(), get: () => new Promise(() => {}) });
  const asked = silent.runs();
  await vi.advanceTimersByTimeAsync(2000);
  expect(await asked).toEqual([]);
});
