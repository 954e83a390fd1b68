import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dit } from "../models/dit/dit.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { openMemory } from "../storage/memory.ts";
import { FakeRuntime } from "../testing/fake-runtime.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { TINY_HEADS, tinyDit } from "../testing/tiny-dit.ts";
import { CALIBRATION, never, openTiny } from "../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../testing/tiny-pipeline.ts";
import type { Progress } from "./api.ts";
import type { Pipeline } from "./pipeline.ts";
import { allBlocks, blockGroups } from "./running-sums.ts";

const DEPTH = 6;
const spec = dit.spec(tinyDit({ depth: DEPTH }), { heads: TINY_HEADS });
/** Gram matrices and sums of proj (32 columns) and fc2 (64 columns) in float32. */
const BLOCK = 4 * (32 * 32 + 32 + 64 * 64 + 64);

describe("groups of blocks", () => {
  test("are all blocks in order, none larger than the budget, and no two that would fit together", () => {
    const budgets = fc.integer({ min: 0, max: 8 * BLOCK });
    fc.assert(
      fc.property(fc.subarray([...allBlocks(spec)]), budgets, (blocks, budget) => {
        const groups = blockGroups(spec, ["gram"], blocks, budget);
        expect(groups.flat()).toEqual(blocks);
        const fits = (group: readonly number[]) => group.length * BLOCK <= budget;
        for (const [index, group] of groups.entries()) {
          expect(group.length === 1 || fits(group)).toBe(true);
          const next = groups[index + 1]?.[0];
          if (next !== undefined) expect(fits([...group, next])).toBe(false);
        }
      }),
    );
  });

  test("are one for statistics that take little or nothing", () => {
    const all = [...allBlocks(spec)];
    expect(blockGroups(spec, ["moments"], all, BLOCK)).toEqual([all]);
    expect(blockGroups(spec, ["block-change"], all, 0)).toEqual([all]);
    expect(blockGroups(spec, [], all, 0)).toEqual([all]);
  });
});

describe("a bank made under a budget", () => {
  let runtime: FakeRuntime;
  let pipeline: Pipeline;
  beforeAll(async () => {
    runtime = new FakeRuntime(await createNodeRuntime({ threads: 1 }));
    pipeline = await tinyPipeline(runtime, new TinyBundle({ depth: DEPTH }));
    await tinyBank(pipeline); // from here on the weights are on the device
  });
  afterAll(async () => {
    await pipeline.free();
    expect(runtime.tensors).toEqual([]);
    await runtime.close();
  });

  /** 40 items are two passes: sums on the device are added to. */
  async function make(calibrationBytes?: number) {
    const storage = openMemory();
    const peak = await runtime.peakDuring(() => tinyBank(pipeline, { items: 40 }, storage, [], calibrationBytes));
    const keys = await storage.list(["bank"]);
    return { peak, keys, records: await storage.getMany(keys) };
  }

  test("is the same to the bit, and blocks that do not fit are not on the device", async () => {
    const whole = await make();
    for (const blocks of [1, 2, 5]) {
      const { peak, ...bank } = await make(blocks * BLOCK);
      expect({ ...bank, peak: whole.peak }).toEqual(whole);
      expect(whole.peak - peak, `${blocks} blocks`).toBe((DEPTH - blocks) * BLOCK);
    }
  });

  test("has the records of one group stored before the next is watched", async () => {
    const tiny = await openTiny({ calibrationBytes: 0 });
    await tiny.load();
    const watched: number[] = [];
    const on = ({ phase }: Progress) => {
      if (phase === "factor") watched.push(tiny.runtime.runs("block-gram"));
    };
    await tiny.engine.calibrate(CALIBRATION, on, never());
    expect(watched).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]); // two layers a block, two blocks in three stages
    await tiny.engine.close();
  });

  test("takes the change of its blocks with two of their inputs at a time", async () => {
    const request = { pruner: { id: "layerdrop" }, items: 32 };
    const shallow = await tinyPipeline(runtime, new TinyBundle({ depth: 2 }));
    const peaks: number[] = [];
    for (const model of [shallow, pipeline]) {
      await tinyBank(model, request);
      const before = await runtime.peakDuring(async () => {});
      peaks.push((await runtime.peakDuring(() => tinyBank(model, request))) - before);
    }
    await shallow.free();
    const [few = 0, many = 0] = peaks;
    const rows = 2 * 32;
    // Each further block brings its modulation [U, 6 d] and its changes [R], and no tokens.
    expect(many - few).toBe((DEPTH - 2) * 4 * (rows * 6 * spec.width + rows));
  });
});
