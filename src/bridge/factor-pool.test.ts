import { afterEach, expect, test } from "vitest";
import { StudioError } from "../core/errors.ts";
import { identityFactor } from "../core/factor.ts";
import type { LayerStatistics } from "../pruners/pruner.ts";
import type { WorkerLike } from "./connect.ts";
import { createFactorPool, type FactorPool, poolSize } from "./factor-pool.ts";
import { serve } from "./wire.ts";

const turn = (delay = 1) => new Promise((resolve) => setTimeout(resolve, delay));
const layerOf = (name: string, weight = new Float32Array(8)): LayerStatistics => ({
  name,
  structure: "head",
  weight,
  rows: 2,
  columns: 4,
  groupSize: 2,
  boundaries: Int32Array.of(0, 2, 4),
  gram: new Float32Array(16),
  items: 1,
});

/** Workers that answer with the order [bytes of the weight's buffer]; the first `dying` of them die at their first job. */
function poolOf(size: number, { dying = 0, idle = 1000 } = {}) {
  const count = { started: 0, ended: 0, busy: 0, mostBusy: 0 };
  const start = (): WorkerLike => {
    const dies = count.started++ < dying;
    const { port1, port2 } = new MessageChannel();
    let onError: (event: Event) => void = () => {};
    const maker = {
      async factor(_: string, layer: LayerStatistics) {
        count.mostBusy = Math.max(count.mostBusy, ++count.busy);
        await turn(3);
        count.busy--;
        if (dies) {
          onError(Object.assign(new Event("error"), { message: "memory" }));
          await new Promise(() => {});
        }
        if (layer.name === "bad") throw new StudioError("not-positive-definite", "bad: pivot 3");
        return identityFactor(Int32Array.of(layer.weight.buffer.byteLength), layer.groupSize, layer.boundaries);
      },
    };
    serve(maker, port2);
    return {
      postMessage: (message, transfer) => port1.postMessage(message, transfer ?? []),
      addEventListener: (type, listener) => {
        if (type === "message") port1.addEventListener(type, listener as EventListener);
        else onError = listener as EventListener;
      },
      removeEventListener: () => {},
      start: () => port1.start(),
      terminate: () => {
        count.ended++;
        port1.close();
        port2.close();
      },
    };
  };
  const pool = createFactorPool({ start, size, idle });
  pools.push(pool);
  return { pool, count };
}
const pools: FactorPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

test("starts no more workers than allowed, uses all of them and answers every call", async () => {
  const { pool, count } = poolOf(3);
  expect(count.started).toBe(0);
  const factors = await Promise.all(Array.from({ length: 10 }, (_, i) => pool.factor("obs", layerOf(`l${i}`), {})));
  expect(factors.map(({ groupSize }) => groupSize)).toEqual(Array(10).fill(2));
  expect(count).toMatchObject({ started: 3, mostBusy: 3 });
});

test("sends a part of a buffer only, and leaves the caller's array as it was", async () => {
  const whole = new Float32Array(1000);
  const factor = await poolOf(1).pool.factor("obs", layerOf("l", whole.subarray(8, 16)), {});
  expect([...factor.order]).toEqual([32]);
  expect(whole.length).toBe(1000);
});

test("the same for arrays inside of statistics, which arrive with the numbers that they held", async () => {
  const part = () => Float32Array.from({ length: 1000 }, (_, i) => i).subarray(8, 12);
  const moments = { input: part(), output: part(), producer: part(), producerWeights: [part(), part()] };
  const { port1, port2 } = new MessageChannel();
  const sent: LayerStatistics[] = [];
  serve(
    {
      async factor(_: string, layer: LayerStatistics) {
        sent.push(layer);
        return identityFactor(Int32Array.of(0, 1), layer.groupSize, layer.boundaries);
      },
    },
    port2,
  );
  const worker = Object.assign(port1, { terminate: () => port2.close() }) as unknown as WorkerLike;
  const pool = createFactorPool({ start: () => worker, size: 1 });
  pools.push(pool);
  await pool.factor("wanda", { ...layerOf("l"), moments }, {});
  const found = sent[0]?.moments;
  for (const array of [found?.input, found?.output, found?.producer, ...(found?.producerWeights ?? [])]) {
    expect([...(array ?? [])]).toEqual([8, 9, 10, 11]);
    expect(array?.buffer.byteLength).toBe(16);
  }
  expect(found?.producerWeights).toHaveLength(2);
  port1.close();
});

test("an error of the method passes and the worker works on", async () => {
  const { pool, count } = poolOf(1);
  await expect(pool.factor("obs", layerOf("bad"), {})).rejects.toMatchObject({ code: "not-positive-definite" });
  await pool.factor("obs", layerOf("good"), {});
  expect(count.started).toBe(1);
});

test("a worker that dies is replaced and nobody waits for ever", async () => {
  const { pool, count } = poolOf(2, { dying: 2 });
  await Promise.all(["a", "b", "c", "d", "e"].map((name) => pool.factor("obs", layerOf(name), {})));
  expect(count.ended).toBe(2);
});

test("a job that kills two workers is refused with its name", async () => {
  const { pool } = poolOf(1, { dying: 2 });
  const work = pool.factor("obs", layerOf("blocks.3.mlp.fc2, stage 7"), {});
  await expect(work).rejects.toMatchObject({ code: "out-of-memory", message: /blocks\.3\.mlp\.fc2, stage 7/ });
});

test("workers without work are ended, and come back when needed", async () => {
  const { pool, count } = poolOf(2, { idle: 10 });
  await pool.factor("obs", layerOf("l"), {});
  await turn(40);
  expect(count).toMatchObject({ started: 1, ended: 1 });
  await pool.factor("obs", layerOf("l"), {});
  expect(count.started).toBe(2);
});

test("leaves a processor to the engine", () => {
  expect([undefined, 1, 2, 4, 64].map(poolSize)).toEqual([2, 1, 2, 4, 8]);
});
