// Milliseconds to enter a stage at one level, and their share of what sampling that stage takes.

import type { Level, Milliseconds, StageIndex } from "../../../core/tensor.ts";
import type { Bank } from "../../../engine/bank.ts";
import { median } from "../../../engine/experiment.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { Router } from "../../../engine/router.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { interleave, round3 } from "../measure.ts";
import type { StepRunner } from "./step-runner.ts";

const STEPS_PER_STAGE = 2;
const PICTURES = [16, 64] as const;
const ROUNDS = 3;

export interface Entered {
  readonly runtime: Runtime;
  readonly model: LoadedModel;
  readonly runner: StepRunner;
  readonly bank: Bank;
  readonly level: Level;
}

export async function measureEntering({ runtime, model, runner, bank, level }: Entered) {
  const lean = new Router(runtime, model.spec, model.weights, 0); // has room for what was used last
  const roomy = new Router(runtime, model.spec, model.weights);
  const clock = async (router: Router, stage: StageIndex): Promise<Milliseconds> => {
    const started = performance.now();
    await router.route(bank, stage, level);
    return performance.now() - started;
  };
  try {
    const fromStorage: Milliseconds[] = [];
    const readAhead: Milliseconds[] = [];
    const cached: Milliseconds[] = [];
    for (const router of [lean, roomy]) await router.route(bank, 0, level); // the graphs that make cuts are compiled
    for (let round = 0; round < ROUNDS; round++)
      for (let stage = 1; stage < bank.numStages; stage++) {
        const ahead = (stage + round) % 2 === 0;
        if (ahead) await lean.prefetch(bank, stage, level); // as sampling does while the stage before runs
        (ahead ? readAhead : fromStorage).push(await clock(lean, stage));
        await roomy.route(bank, stage, level);
        await roomy.route(bank, stage, 0);
        cached.push(await clock(roomy, stage));
      }
    const routed = await roomy.route(bank, 1, level);
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
    await lean.free();
    await roomy.free();
  }
}
