// Milliseconds to enter a stage at one level, and their share of what sampling that stage takes.

import { median } from "../../../core/median.ts";
import type { Level, Milliseconds, StageIndex } from "../../../core/tensor.ts";
import type { Bank } from "../../../engine/bank.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { Router } from "../../../engine/router.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { round3 } from "../measure.ts";
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

/** How long entering took, and what each number of pictures took after it. */
interface Visit {
  readonly entering: Milliseconds;
  readonly sampling: readonly Milliseconds[];
}

export async function measureEntering({ runtime, model, runner, bank, level }: Entered) {
  const clock = async <T>(work: () => Promise<T>): Promise<[Milliseconds, T]> => {
    const started = performance.now();
    const made = await work();
    return [performance.now() - started, made];
  };
  /** Enters the stage and samples in it, so that the two are compared on the machine as it is at that moment. */
  const visit = async (router: Router, stage: StageIndex): Promise<Visit> => {
    const [entering, routed] = await clock(() => router.route(bank, stage, level));
    const sampling: Milliseconds[] = [];
    for (const pictures of PICTURES) {
      const step = await runner.blocks(routed, pictures);
      const [took] = await clock(async () => {
        for (let index = 0; index < STEPS_PER_STAGE; index++) await step();
      });
      sampling.push(took);
    }
    return { entering, sampling };
  };
  const lean = new Router(runtime, model.spec, model.weights, 0); // has room for what was used last
  const roomy = new Router(runtime, model.spec, model.weights);
  try {
    const fromStorage: Visit[] = [];
    const readAhead: Visit[] = [];
    const cached: Visit[] = [];
    await visit(lean, 0); // the graphs that make cuts are compiled
    for (let round = 0; round < ROUNDS; round++)
      for (let stage = 1; stage < bank.numStages; stage++) {
        const ahead = (stage + round) % 2 === 0;
        if (ahead) await lean.prefetch(bank, stage, level); // as sampling does while the stage before runs
        (ahead ? readAhead : fromStorage).push(await visit(lean, stage));
      }
    for (let stage = 1; stage < bank.numStages; stage++) {
      await roomy.route(bank, stage, level);
      await roomy.route(bank, stage, 0);
      cached.push(await visit(roomy, stage));
    }
    return {
      level,
      stepsPerStage: STEPS_PER_STAGE,
      fromStorage: timeOf(fromStorage),
      readAhead: timeOf(readAhead),
      cached: timeOf(cached),
      shareFromStorage: sharesOf(fromStorage),
      shareReadAhead: sharesOf(readAhead),
      shareCached: sharesOf(cached),
    };
  } finally {
    await lean.free();
    await roomy.free();
  }
}

function timeOf(visits: readonly Visit[]): Milliseconds {
  return round3(median(visits.map(({ entering }) => entering)));
}

/** By number of pictures: the median over visits of entering over sampling. */
function sharesOf(visits: readonly Visit[]): Readonly<Record<string, number>> {
  const share = (place: number) =>
    round3(median(visits.map(({ entering, sampling }) => entering / (sampling[place] as number))));
  return Object.fromEntries(PICTURES.map((pictures, place) => [pictures, share(place)]));
}
