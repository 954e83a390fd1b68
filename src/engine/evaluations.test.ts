import { describe, expect, test } from "vitest";
import { uniformDivision } from "../core/schedule.ts";
import { openMemory } from "../storage/memory.ts";
import { addressOf, type Context, contextId, EvaluationStore } from "./evaluations.ts";

const device = {
  backend: "wasm",
  name: "WASM",
  software: false,
  fp16: false,
  threads: 2,
  maxBufferBytes: 1,
  reason: "",
} as const;
const request = { sampler: { id: "ddim" }, steps: 10, guidance: 2, metric: { id: "ssim" }, seed: 1 };
const base: Context = {
  model: "model",
  bank: "bank",
  division: uniformDivision(4, 1000),
  request,
  set: "probes",
  count: 4,
  device,
};
const gpu = { ...device, backend: "webgpu", name: "one" } as const;

describe("a context", () => {
  test.each<[string, Partial<Context>]>([
    ["model", { model: "other" }],
    ["bank", { bank: "other" }],
    ["division", { division: uniformDivision(5, 1000) }],
    ["steps", { request: { ...request, steps: 11 } }],
    ["guidance", { request: { ...request, guidance: 1 } }],
    ["metric", { request: { ...request, metric: { id: "psnr" } } }],
    ["metric option", { request: { ...request, metric: { id: "ssim", options: { mode: "full" } } } }],
    ["seed", { request: { ...request, seed: 2 } }],
    ["set", { set: "validation" }],
    ["count", { count: 5 }],
    ["backend", { device: { ...device, backend: "cpu" } }],
    ["kind of device", { device: gpu }],
  ])("of another %s is another", (_, change) => {
    expect(contextId({ ...base, ...change })).not.toBe(contextId(base));
  });

  test("is the same with defaults spelled out, and with any number of WASM threads", () => {
    const spelled = { ...request, metric: { id: "ssim", options: { mode: "final" } } };
    expect(contextId({ ...base, request: spelled })).toBe(contextId(base));
    expect(contextId({ ...base, device: { ...device, threads: 8, name: "WASM, 8 threads" } })).toBe(contextId(base));
  });

  test("is another on another GPU and in half precision", () => {
    const ids = [gpu, { ...gpu, name: "two" }, { ...gpu, fp16: true }].map((device) => contextId({ ...base, device }));
    expect(new Set(ids).size).toBe(3);
  });
});

test("an evaluation keeps every bit, and its mean", async () => {
  const store = new EvaluationStore(openMemory());
  const scores = [0.1, 1 / 3, Number.MIN_VALUE, -1e300];
  const fitness = scores.reduce((sum, score) => sum + score, 0) / 4;
  const calls = { run: 7, saved: 3 };
  await store.add("context", [1, 2], { fitness, scores, stepTimes: [], calls });
  expect(await store.find("context", [1, 2])).toEqual({
    address: addressOf("context", [1, 2]),
    levels: [1, 2],
    scores,
    calls,
    fitness,
  });
  expect(await store.find("context", [2, 1])).toBeUndefined();
  expect(await store.find("other", [1, 2])).toBeUndefined();
});

test("scores that are not finite are not kept", async () => {
  const store = new EvaluationStore(openMemory());
  for (const score of [Number.NaN, Number.POSITIVE_INFINITY])
    await store.add("context", [1], { fitness: score, scores: [0, score], stepTimes: [], calls: { run: 1, saved: 0 } });
  expect(await store.find("context", [1])).toBeUndefined();
});

test("an evaluation of part of the pictures is another, and says which part", async () => {
  const store = new EvaluationStore(openMemory());
  const scored = (score: number) => ({ fitness: score, scores: [score], stepTimes: [], calls: { run: 1, saved: 0 } });
  const part = { first: 4, count: 8 };
  await store.add("context", [1, 2], scored(0.25));
  await store.add("context", [1, 2], scored(0.5), part);
  const others = [
    { first: 0, count: 8 },
    { first: 4, count: 4 },
  ];
  const found = await store.get([undefined, part, ...others].map((of) => addressOf("context", [1, 2], of)));
  expect(found.map((evaluation) => evaluation?.fitness)).toEqual([0.25, 0.5, undefined, undefined]);
  expect(found.map((evaluation) => evaluation?.part)).toEqual([undefined, part, undefined, undefined]);
});
