// Milliseconds to enter a stage at one level, and their share of what sampling that stage takes.

import type { Level, Milliseconds } from "../../../core/tensor.ts";
import type { Bank } from "../../../engine/bank.ts";
import { median } from "../../../engine/experiment.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { Router } from "../../../engine/router.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { interleave, round3 } from "../measure.ts";
import type { StepRunner } from "./step-runner.ts";

const STEPS_PER_STAGE = 2;
const PICTURES = [16, 64] as const;

export interface Entered {
  readonly runtime: Runtime;
  readonly model: LoadedModel;
  readonly runner: StepRunner;
  readonly bank: Bank;
  readonly level: Level;
}

export async function measureEntering({ runtime, model, runner, bank, level }: Entered) {
  const router = new Router(runtime, model.spec, model.weights);
  try {
    await router.route(bank, 0, level); // the graphs that make cuts are compiled
    const clock = async (stage: number): Promise<Milliseconds> => {
      const started = performance.now();
      await router.route(bank, stage, level);
      return performance.now() - started;
    };
    const fromStorage: Milliseconds[] = [];
    const readAhead: Milliseconds[] = [];
    const cached: Milliseconds[] = [];
    for (let stage = 1; stage < bank.numStages; stage++) {
      const ahead = stage % 2 === 0;
      if (ahead) await router.prefetch(bank, stage, level); // as sampling does while the stage before runs
      (ahead ? readAhead : fromStorage).push(await clock(stage));
      await router.route(bank, stage, 0);
      cached.push(await clock(stage));
    }
    const routed = await router.route(bank, 1, level);
    const sampling: Record<number, Milliseconds> = {};
    for (const pictures of PICTURES) {
      const { only } = await interleave({ only: await runner.blocks(routed, pictures) }, 5);
      sampling[pictures] = STEPS_PER_STAGE * only.median;
    }
    const shares = (milliseconds: number) =>
      Object.fromEntries(PICTURES.map((pictures) => [pictures, round3(milliseconds / (sampling[pictures] as number))]));
    return {
      level,
      stepsPerStage: STEPS_PER_STAGE,
      fromStorage: round3(median(fromStorage)),
      readAhead: round3(median(readAhead)),
      cached: round3(median(cached)),
      shareFromStorage: shares(median(fromStorage)),
      shareReadAhead: shares(median(readAhead)),
      shareCached: shares(median(cached)),
    };
  } finally {
    await router.free();
  }
}
