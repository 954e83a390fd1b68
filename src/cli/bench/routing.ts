// Is a routed step really faster, what does it cost to enter a stage, and what is left of the gain over a whole searched
// schedule? The limit of a speed-up is the ratio of MACs.

import { uniformDivision } from "../../core/schedule.ts";
import type { Level } from "../../core/tensor.ts";
import { Bank } from "../../engine/bank.ts";
import { loadModel } from "../../engine/load.ts";
import { readModelFile } from "../environment.ts";
import type { EngineBench } from "./bench.ts";
import { measureEntering } from "./routing/entering.ts";
import { measureSchedule } from "./routing/schedule.ts";
import { StepRunner } from "./routing/step-runner.ts";
import { measureSteps } from "./routing/steps.ts";

const STAGES = 10;

export const routing: EngineBench = {
  help: "a step dense, routed and stitched at every level, batches 1 to 32; entering a stage; a searched schedule",
  async run(tools, context) {
    const { engine, runtime, storage, card, source, flags } = tools;
    const { signal, report } = context;
    const model = await loadModel(source, readModelFile, () => {});
    report("calibrating");
    const division = uniformDivision(STAGES, card.timesteps);
    const { id } = await engine.calibrate({ pruner: { id: "obs" }, division, items: 8, seed: 0 }, () => {}, signal);
    const bank = (await Bank.open(storage, id)) as Bank;
    const half: Level = Math.round(card.spec.heads / 2);
    const runner = new StepRunner(runtime, model);
    try {
      const rows = await measureSteps({ runtime, model, runner, bank, rounds: flags.integer("rounds") }, context);
      report("entering stages");
      const entering = await measureEntering({ runtime, model, runner, bank, level: half });
      report("searching a schedule");
      const schedule = await measureSchedule(tools, model, context);
      return { rows, entering, schedule };
    } finally {
      await runner.free();
    }
  },
};
