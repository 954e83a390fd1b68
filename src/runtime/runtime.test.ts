import { expect, test } from "vitest";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { runtimeContract } from "../testing/runtime-contract.ts";
import { createNodeRuntime } from "./ort-node.ts";
import { createWebRuntime } from "./ort-web.ts";
import { relativeError, TOLERANCE } from "./self-check.ts";

runtimeContract("onnxruntime-node, one thread", "cpu", () => createNodeRuntime({ threads: 1 }));
runtimeContract("onnxruntime-node, two threads", "cpu", () => createNodeRuntime({ threads: 2 }));
runtimeContract("onnxruntime-web, WASM in Node", "wasm", () => createWebRuntime({ backend: "wasm" }));
runtimeContract("counting runtime of the tests", "cpu", async () => new FakeRuntime(await createNodeRuntime()));
runtimeContract("onnxruntime-node, WebGPU", "webgpu", () =>
  createNodeRuntime({ backend: "webgpu", threads: 1 }).catch((error: Error) => error.message),
);

test("the self-check passes between providers that agree", async () => {
  const [cpu, wasm] = [await createNodeRuntime({ threads: 1 }), await createWebRuntime({ backend: "wasm" })];
  expect(await relativeError(wasm, cpu)).toBeLessThan(1e-5);
  await cpu.close();
  await wasm.close();
});

test("and fails for one that computes wrongly or not at all", async () => {
  const cpu = await createNodeRuntime({ threads: 1 });
  const spoiled = (spoil: (data: Float32Array) => void): typeof cpu => ({
    ...cpu,
    device: cpu.device,
    close: () => cpu.close(),
    upload: (tensor) => cpu.upload(tensor),
    load: async (graph, label) => {
      const session = await cpu.load(graph, label);
      return {
        ...session,
        run: async (feeds, outputs) => {
          const results = await session.run(feeds, outputs);
          for (const result of Object.values(results)) spoil((await result.download()).data as Float32Array);
          return results;
        },
      };
    },
  });
  const wrong = spoiled((data) => data.set([(data[0] as number) * 1.1 + 0.1], 0));
  const notFinite = spoiled((data) => data.set([Number.NaN], data.length - 1));
  expect((await relativeError(wrong, cpu)) <= TOLERANCE).toBe(false);
  expect((await relativeError(notFinite, cpu)) <= TOLERANCE).toBe(false);
  await cpu.close();
});

test("in Node there is no WebGPU for the page's adapter, and it says so", async () => {
  await expect(createWebRuntime({ backend: "webgpu" })).rejects.toMatchObject({
    code: "unsupported-device",
    message: expect.stringContaining("no WebGPU adapter"),
  });
  const { device } = await createWebRuntime();
  expect(device).toMatchObject({ backend: "wasm", threads: 1 });
  expect(device.reason).toContain("no WebGPU adapter");
});
