// sensitivity: what pruning each stage alone costs, and the schedules that should cost least by that. What a search of
// the same pictures scored is not scored again, nor the other way round; an interrupted table goes on.

import type { SensitivityResult } from "../../engine/api.ts";
import { sensitivitySheet } from "../../formats/study-sheets.ts";
import { tableOptions } from "../../searchers/parts/options.ts";
import { percent, table } from "../evidence/markdown.ts";
import { integerIn } from "../flags.ts";
import { type Report, reportFlags, told } from "../report.ts";
import { scoringFlags, scoringOf, targetsFlag } from "../search-flags.ts";
import { withModel } from "../with-model.ts";
import { type Command, modelFlags, ordered, orderFlag, reporter } from "./command.ts";

export const sensitivity: Command = {
  help: "measure what pruning each stage alone costs",
  flags: {
    ...modelFlags,
    ...scoringFlags,
    levels: {
      value: "N",
      default: String(tableOptions.levels.default),
      help: "every how many levels a stage is measured alone; what lies between is interpolated",
      check: integerIn(1),
    },
    ...targetsFlag,
    bank: { value: "DIR", required: true, help: "folder for the bank and for what was scored" },
    ...orderFlag,
    ...reportFlags,
  },
  async run(flags, context) {
    return withModel(flags, flags.text("bank"), context, async ({ engine, card }) => {
      const request = { ...scoringOf(flags, card), levels: flags.integer("levels"), targets: flags.numbers("targets") };
      const report = reporter(context);
      const result = await engine.sensitivity(
        request,
        (event) => {
          if (event.type === "progress") report(event);
        },
        context.signal,
      );
      return told(
        flags,
        reportOf({
          ...result,
          division: ordered(flags, result.division),
          table: ordered(flags, result.table),
          predictions: result.predictions.map((found) => ({ ...found, levels: ordered(flags, found.levels) })),
        }),
      );
    });
  },
};

function reportOf(result: SensitivityResult): Report {
  return {
    json: result,
    markdown: markdownOf(result),
    csv: sensitivitySheet(result),
  };
}

function markdownOf({
  request,
  model,
  division,
  maxLevel,
  dense,
  table: losses,
  predictions,
  calls,
}: SensitivityResult) {
  const levels = Array.from({ length: maxLevel }, (_, level) => String(level + 1));
  const rows = division.map(({ high, low }, stage) => [
    String(stage),
    `${high} … ${low}`,
    ...(losses[stage] ?? [])
      .slice(1)
      .map(({ loss, measured }) => (measured ? loss.toFixed(4) : `(${loss.toFixed(4)})`)),
  ]);
  const optima = predictions.map(({ target, sparsity, macs, loss, levels }) => [
    percent(target),
    percent(sparsity),
    (macs / 1e9).toFixed(2),
    loss.toFixed(4),
    levels.join(", "),
  ]);
  const { pruner, metric, probes } = request;
  return [
    `${model.name}, ${pruner.id}: what pruning one stage alone to a level loses of ${metric.id} on ${probes} pictures (dense has ${dense.toFixed(4)}); in brackets what lies between measured levels.`,
    table(["stage", "timesteps", ...levels], rows),
    "The schedule of each target that should lose least when losses add up:",
    table(["target", "sparsity", "GMACs", "loss", "levels"], optima),
    `${calls.run} denoiser calls, ${calls.saved} saved.`,
  ].join("\n\n");
}
