// Is a routed step really faster, and what does it cost to enter a stage? Dense is the faster of the block graphs
// (weights are inputs) and one fused graph (weights inside). Routed is what sampling runs: block graphs fed with the
// stage's cuts, baked into one graph for up to two rows. Stitched is a whole pruned model of its own, as MosaicDiff
// deploys them. The limit of a speed-up is the ratio of MACs.

import { levelMacs } from "../../core/cost.ts";
import { uniformDivision } from "../../core/schedule.ts";
import type { Level, Milliseconds, Tensor } from "../../core/tensor.ts";
import { Bank } from "../../engine/bank.ts";
import { DENSE, type Routed } from "../../engine/denoiser.ts";
import { type LoadedModel, loadModel } from "../../engine/load.ts";
import { Router } from "../../engine/router.ts";
import { readModelFile } from "../environment.ts";
import type { BenchTools, EngineBench } from "./bench.ts";
import { interleave, round3, type Timing } from "./measure.ts";
import { type Step, StepRunner } from "./step-runner.ts";

const ROWS = [1, 2, 4, 8, 16, 32] as const;
/** Up to here sampling bakes a stage's weights into one graph (engine/fuser.ts). */
const BAKED_ROWS = 2;
const STAGES = 10;
const STEPS_PER_STAGE = 2;

export const routing: EngineBench = {
  help: "a step dense, routed and stitched at every quarter of the levels, batches 1 to 32; entering a stage",
  async run(tools, { signal, report }) {
    const { engine, runtime, storage, card, source, flags } = tools;
    const model = await loadModel(source, readModelFile, () => {});
    const division = uniformDivision(STAGES, card.timesteps);
    report("calibrating");
    const { id } = await engine.calibrate({ pruner: { id: "obs" }, division, items: 8, seed: 0 }, () => {}, signal);
    const bank = (await Bank.open(storage, id)) as Bank;
    const top = model.spec.heads;
    const levels = [0.25, 0.5, 0.75].map((share) => Math.round(share * top));
    const router = new Router(runtime, model.spec, model.weights);
    const runner = new StepRunner(runtime, model);
    try {
      const rows = [];
      const pruned = await Promise.all(levels.map((level) => router.route(bank, 0, level)));
      const baked = await bakeAll(runner, pruned);
      for (const batch of ROWS) {
        signal.throwIfAborted();
        report(`batch ${batch}`);
        const rounds = flags.integer("rounds") * (batch <= BAKED_ROWS ? 5 : 1);
        rows.push(...(await measureBatch(model, runner, levels, pruned, baked, batch, rounds)));
      }
      report("entering stages");
      const half = levels[1] as Level;
      return { rows, entering: await entering(tools, model, runner, id, half) };
    } finally {
      await runner.free();
      await router.free();
    }
  },
};

type Baked = (batch: number) => Promise<Step>;

/** Fused graphs: the dense one first, then one for each set of cuts. */
async function bakeAll(runner: StepRunner, pruned: readonly Routed[]): Promise<Baked[]> {
  const baked: Baked[] = [];
  for (const { weights, empty } of [DENSE, ...pruned]) {
    const inside = new Map<string, Tensor>();
    for (const [name, weight] of weights) inside.set(name, (await weight.download()) as Tensor);
    baked.push(await runner.fused(inside, empty));
  }
  return baked;
}

async function measureBatch(
  model: LoadedModel,
  runner: StepRunner,
  levels: readonly Level[],
  pruned: readonly Routed[],
  baked: readonly Baked[],
  batch: number,
  rounds: number,
) {
  const variants: Record<string, Step> = {};
  for (const [index, routed] of [DENSE, ...pruned].entries()) {
    variants[`blocks ${index}`] = await runner.blocks(routed, batch);
    variants[`fused ${index}`] = await (baked[index] as Baked)(batch);
  }
  const times = await interleave(variants, rounds);
  const of = (kind: string, index: number) => times[`${kind} ${index}`] as Timing;
  const dense = Math.min(of("blocks", 0).median, of("fused", 0).median);
  return levels.map((level, index) => {
    const [blocks, stitched] = [of("blocks", index + 1), of("fused", index + 1)];
    const routed = batch <= BAKED_ROWS ? stitched : blocks;
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
  });
}

/** Milliseconds to enter a stage at one level, and their share of what sampling that stage takes. */
async function entering(
  { runtime, storage }: BenchTools,
  model: LoadedModel,
  runner: StepRunner,
  id: string,
  level: Level,
) {
  const router = new Router(runtime, model.spec, model.weights);
  try {
    const bank = (await Bank.open(storage, id)) as Bank;
    await router.route(bank, 0, level - 1); // the graphs that make cuts are compiled
    const clock = async (stage: number): Promise<Milliseconds> => {
      const started = performance.now();
      await router.route(bank, stage, level);
      return performance.now() - started;
    };
    const fromStorage: Milliseconds[] = [];
    const readAhead: Milliseconds[] = [];
    const cached: Milliseconds[] = [];
    for (let stage = 1; stage < STAGES; stage++) {
      const ahead = stage % 2 === 0;
      if (ahead) await bank.stage(stage); // as sampling does while the stage before runs
      (ahead ? readAhead : fromStorage).push(await clock(stage));
      cached.push(await clock(stage));
    }
    const routed = await router.route(bank, 1, level);
    const sampling: Record<string, number> = {};
    for (const pictures of [16, 64]) {
      const step = await runner.blocks(routed, 2 * pictures); // both guidance halves
      const { only } = await interleave({ only: step }, 5);
      sampling[pictures] = STEPS_PER_STAGE * only.median;
    }
    const middle = (values: number[]) => round3(values.sort((a, b) => a - b)[values.length >> 1] as number);
    const shares = (milliseconds: number) =>
      Object.fromEntries(Object.entries(sampling).map(([pictures, time]) => [pictures, round3(milliseconds / time)]));
    return {
      level,
      stepsPerStage: STEPS_PER_STAGE,
      fromStorage: middle(fromStorage),
      readAhead: middle(readAhead),
      cached: middle(cached),
      shareFromStorage: shares(middle(fromStorage)),
      shareReadAhead: shares(middle(readAhead)),
      shareCached: shares(middle(cached)),
    };
  } finally {
    await router.free();
  }
}
