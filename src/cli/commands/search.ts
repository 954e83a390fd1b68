// search: the whole path: calibrate, search, and the comparison with uniform and MosaicDiff. An interrupted run goes on
// when the same command is given again.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { metrics } from "../../metrics/index.ts";
import { pruners } from "../../pruners/index.ts";
import { samplers } from "../../samplers/index.ts";
import { searchers } from "../../searchers/index.ts";
import { openEngine } from "../environment.ts";
import { shelfFlags } from "../flags.ts";
import {
  backendOf,
  type Command,
  modelFlags,
  modelSource,
  ordered,
  orderFlag,
  reporter,
  threadsOf,
} from "./command.ts";

export const search: Command = {
  help: "find a schedule and compare it with uniform pruning and MosaicDiff",
  flags: {
    ...modelFlags,
    ...shelfFlags(pruners, "obs", "pruning method"),
    stages: { value: "S", default: "10", help: "equal stages of the timesteps" },
    target: { value: "X", default: "0.5", help: "mean sparsity, 0 … 1" },
    probes: { value: "K", default: "4", help: "pictures on which candidates are compared" },
    "held-out": { value: "K", default: "16", help: "other pictures on which the winner is judged" },
    steps: { value: "N", default: "20", help: "sampling steps" },
    cfg: { value: "X", default: "2", help: "guidance scale; 1 is none" },
    ...shelfFlags(samplers, "ddim", "solver"),
    ...shelfFlags(searchers, "evolution", "search method"),
    generations: { value: "G", default: "8", help: "short for --searcher.generations" },
    ...shelfFlags(metrics, undefined, "fitness; ssim, or latent-mse for a model without a decoder"),
    items: { value: "N", default: "32", help: "calibration latents per stage" },
    seed: { value: "N", default: "0", help: "of everything drawn" },
    bank: { value: "DIR", help: "folder for banks and runs [OUT]" },
    ...orderFlag,
    out: { value: "DIR", required: true, help: "gets result.json and levels_per_stage.json" },
  },
  async run(flags, context) {
    const out = flags.text("out");
    await mkdir(out, { recursive: true });
    const { engine } = await openEngine(backendOf(flags), flags.optional("bank") ?? out, threadsOf(flags));
    try {
      const card = await engine.load({ source: await modelSource(flags) }, () => {}, context.signal);
      const searcher = flags.choice(searchers);
      const report = reporter(context);
      const result = await engine.search(
        {
          pruner: flags.choice(pruners),
          stages: flags.integer("stages"),
          target: flags.number("target"),
          searcher: { ...searcher, options: { generations: flags.integer("generations"), ...searcher.options } },
          metric: flags.has("metric") ? flags.choice(metrics) : { id: card.hasDecoder ? "ssim" : "latent-mse" },
          probes: flags.integer("probes"),
          heldOut: flags.integer("held-out"),
          steps: flags.integer("steps"),
          guidance: flags.number("cfg"),
          sampler: flags.choice(samplers),
          calibrationItems: flags.integer("items"),
          seed: flags.integer("seed"),
        },
        (event) => {
          if (event.type === "progress") report(event);
          if (event.type === "generation")
            context.report(`generation ${event.generation}: best ${event.population[0]?.fitness.toFixed(5)}`);
        },
        context.signal,
      );
      const levels = ordered(flags, result.best.levels);
      await writeFile(join(out, "result.json"), `${JSON.stringify(result, undefined, 2)}\n`);
      // The authors' file is always in their numbering, whatever the flag says about ours.
      const reference = Object.fromEntries([...result.best.levels].reverse().map((level, stage) => [stage, level]));
      await writeFile(join(out, "levels_per_stage.json"), `${JSON.stringify(reference, undefined, 2)}\n`);
      const { comparisons, verdict, historyHash, evaluations, elapsed, run } = result;
      return { run, levels, fitness: result.best.fitness, comparisons, verdict, historyHash, evaluations, elapsed };
    } finally {
      await engine.close();
    }
  },
};
