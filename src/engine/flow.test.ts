// Rectified flows: what is not as with a diffusion.

import { afterEach, describe, expect, test, vi } from "vitest";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { takeFloats } from "../runtime/runtime.ts";
import { flowBundle } from "../testing/tiny-bundle.ts";
import { ignore, never, SEARCH } from "../testing/tiny-engine.ts";
import { tinyEngines } from "../testing/tiny-engines.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { Pipeline } from "./pipeline.ts";

const FLOW = { ...SEARCH, sampler: { id: "flow-euler" } };

describe("an engine", () => {
  const engines = tinyEngines();
  afterEach(engines.closeAll);

  test("searches a flow: every fitness is a number, at the budget", async () => {
    const { engine } = await engines.open({ bundle: flowBundle() });
    const result = await engine.search(FLOW, ignore, never());
    const scored = result.generations.flatMap(({ population }) => population);
    expect(scored.length).toBeGreaterThan(0);
    for (const { fitness, levels } of scored) {
      expect(fitness).toSatisfy(Number.isFinite);
      expect(levels.reduce((sum, level) => sum + level, 0)).toBe(result.space.budget);
    }
    expect(result.space.timesteps.slice(0, 3)).toEqual([999, 899, 799]);
  });

  test("refuses a sampler that does not know what the network predicts, before any work", async () => {
    const { engine, runtime } = await engines.open({ bundle: flowBundle() });
    const refusal = {
      code: "invalid-input",
      message:
        "sampler ddim: is for networks that predict epsilon or v, and Tiny predicts flow; use flow-euler or dpm-solver",
    };
    await expect(engine.search(SEARCH, ignore, never())).rejects.toMatchObject(refusal);
    const picture = { steps: 4, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 };
    await expect(engine.sample(picture, ignore, never())).rejects.toMatchObject(refusal);
    expect(runtime.sessions).toEqual([]);
  });
});

describe("a network is told 1000 sigma", () => {
  async function told(pipeline: Pipeline, work: () => Promise<unknown>): Promise<Set<number>> {
    const conditions = vi.spyOn(pipeline.denoiser, "conditionOnce");
    await work();
    return new Set(conditions.mock.calls.flatMap(([timesteps]) => [...timesteps]));
  }

  test("when it samples, and when it is calibrated", async () => {
    const runtime = await createNodeRuntime({ threads: 1 });
    const pipeline = await tinyPipeline(runtime, flowBundle());
    const plan = { steps: 4, guidance: 2, sampler: { id: "flow-euler" } };
    const sampled = await told(pipeline, async () => {
      const { latents } = await pipeline.rollout(pipeline.batch(1, "test", [0]), undefined, plan, { signal: never() });
      return takeFloats(latents);
    });
    expect([...sampled]).toEqual([1000, 750, 500, 250]);
    const stage = { high: 0, low: 0 }; // sigma 1/1000
    const division = [{ high: 999, low: 1 }, stage];
    const calibrated = await told(pipeline, () => tinyBank(pipeline, { division, items: 4 }));
    expect(calibrated).toContain(1);
    expect(calibrated).not.toContain(0);
    await pipeline.free();
    await runtime.close();
  });
});
