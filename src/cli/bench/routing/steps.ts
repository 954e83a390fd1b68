// One denoiser step, three ways. Dense is the faster of chains (weights are inputs) and one fused graph
// (weights inside). Routed is what sampling runs: chains fed with the stage's cuts, baked into one graph
// for few pictures once they were used often. Stitched is a whole pruned model of its own, as MosaicDiff deploys them.

import { levelMacs } from "../../../core/cost.ts";
import type { Level, Tensor } from "../../../core/tensor.ts";
import type { Bank } from "../../../engine/bank.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { Router } from "../../../engine/router.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import type { Context } from "../../commands/command.ts";
import { interleave, round3, type Timing } from "../measure.ts";
import type { Step, StepRunner } from "./step-runner.ts";

const BATCHES = [1, 2, 4, 8, 16, 32] as const;
/** Up to here sampling bakes a stage's weights into one graph, once they were used often (engine/fuser.ts). */
const BAKED_BATCH = 8;
/** One level after the other, so that few models are in memory at a time. */
const STAGE = 0;

export interface Subject {
  readonly runtime: Runtime;
  readonly model: LoadedModel;
  readonly runner: StepRunner;
  readonly bank: Bank;
  readonly rounds: number;
}

/** At every level from dense to empty. */
export async function measureSteps(subject: Subject, { signal, report }: Context) {
  const rows = [];
  for (let level: Level = 0; level <= subject.bank.recipe.maxLevel; level++) {
    signal.throwIfAborted();
    report(`level ${level}`);
    rows.push(...(await measureLevel(subject, level)));
  }
  return rows.sort((a, b) => a.batch - b.batch || a.level - b.level);
}

async function measureLevel({ runtime, model, runner, bank, rounds }: Subject, level: Level) {
  const router = new Router(runtime, model.spec, model.weights);
  const dense = await runner.fused(new Map(), new Set());
  const routed = await router.route(bank, STAGE, level);
  const inside = new Map<string, Tensor>();
  for (const [name, weight] of routed.weights) inside.set(name, (await weight.download()) as Tensor);
  const stitched = await runner.fused(inside, routed.empty);
  const dropped = await router.route(bank, STAGE, 0);
  const rows = [];
  try {
    for (const batch of BATCHES) {
      const ways: Record<"dense blocks" | "dense fused" | "blocks" | "stitched", Step> = {
        "dense blocks": await runner.blocks(dropped, batch),
        "dense fused": await dense.step(batch),
        blocks: await runner.blocks(routed, batch),
        stitched: await stitched.step(batch),
      };
      const times = await interleave(ways, batch <= 2 ? 3 * rounds : batch < 16 ? rounds : Math.ceil(rounds / 2));
      rows.push(rowOf(model, batch, level, times));
    }
  } finally {
    await dense.free();
    await stitched.free();
    await router.free();
  }
  return rows;
}

function rowOf(
  model: LoadedModel,
  batch: number,
  level: Level,
  times: Readonly<Record<"dense blocks" | "dense fused" | "blocks" | "stitched", Timing>>,
) {
  const { blocks, stitched } = times;
  const dense = Math.min(times["dense blocks"].median, times["dense fused"].median);
  const routed = batch <= BAKED_BATCH ? stitched : blocks;
  const macRatio = levelMacs(model.spec, "width", 0) / levelMacs(model.spec, "width", level);
  const speedUp = dense / routed.median;
  return {
    batch,
    level,
    dense: round3(dense),
    routed: routed.median,
    blocks: blocks.median,
    stitched: stitched.median,
    spread: [routed.min, routed.max],
    speedUp: round3(speedUp),
    macRatio: round3(macRatio),
    ofMacRatio: round3(speedUp / macRatio),
  };
}
