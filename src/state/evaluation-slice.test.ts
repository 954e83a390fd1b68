import { expect, test, vi } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { createStudioStore } from "./store.ts";

async function searched(engine = createScriptedEngine()) {
  const store = createStudioStore(engine, memoryPlace("searcher.generations=2&searcher.offspring=3&probes=2"));
  await store.getState().start();
  await store.getState().search();
  return store;
}

test("every schedule of the run is evaluated, on as many pictures as were asked for, from its own noise", async () => {
  const engine = createScriptedEngine();
  const evaluate = vi.spyOn(engine, "evaluate");
  const store = await searched(engine);
  store.getState().setEvaluated(30);
  const shares: number[] = [];
  store.subscribe(({ work }) => work?.progress && shares.push(work.progress.done / work.progress.total));
  await store.getState().evaluateRun();
  const { run, rows } = store.getState().evaluation;
  expect(run).toBe(store.getState().run.id);
  expect(rows.map(({ id }) => id)).toEqual(["dense", "uniform", "mosaic", "searched"]);
  const { comparisons, request } = store.getState().run;
  for (const [index, { schedule }] of comparisons.entries())
    expect(evaluate.mock.calls[index]?.[0]).toEqual({
      ...{ schedule, pictures: 30, seed: request?.seed },
      ...{ steps: request?.steps, guidance: request?.guidance, sampler: request?.sampler },
    });
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

test("cancelling keeps what was measured, and says nothing", async () => {
  const store = await searched();
  store.subscribe(({ evaluation, work, cancelWork }) => {
    if (evaluation.rows.length === 2 && work && !work.stopping) cancelWork();
  });
  await store.getState().evaluateRun();
  expect(store.getState().evaluation.rows).toHaveLength(2);
  expect(store.getState().work).toBeUndefined();
  expect(store.getState().session.notice).toBeUndefined();
});

test("without a run nothing is evaluated", async () => {
  const store = createStudioStore(createScriptedEngine(), memoryPlace());
  await store.getState().start();
  await store.getState().evaluateRun();
  expect(store.getState().evaluation).toMatchObject({ run: undefined, rows: [] });
});
