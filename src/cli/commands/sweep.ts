// sweep: quality against cost, one search for each target, each starting from the winners before it. The same command goes
// on where it stopped. Its runs are those of the library: `search --resume`, `export --run` and `--warm` know them.

import type { MethodPoint, SweepPoint, SweepResult } from "../../engine/api.ts";
import { frontSheet } from "../../formats/study-sheets.ts";
import { difference, percent, table } from "../evidence/markdown.ts";
import type { ParsedFlags } from "../flags.ts";
import { type Report, reportFlags, told } from "../report.ts";
import { searchFlags, searchingOf, targetsFlag } from "../search-flags.ts";
import { withModel } from "../with-model.ts";
import { type Command, modelFlags, ordered, orderFlag, reporter } from "./command.ts";

export const sweep: Command = {
  help: "search a schedule for each of several targets: the front of quality against cost",
  flags: {
    ...modelFlags,
    ...searchFlags,
    ...targetsFlag,
    bank: { value: "DIR", required: true, help: "folder for banks and runs" },
    ...orderFlag,
    ...reportFlags,
  },
  async run(flags, context) {
    return withModel(flags, flags.text("bank"), context, async ({ engine, card }) => {
      const request = { ...(await searchingOf(flags, card)), targets: flags.numbers("targets") };
      const report = reporter(context);
      const result = await engine.sweep(
        request,
        (event) => {
          if (event.type === "progress") report(event);
          if (event.type === "point") context.report(`${percent(event.point.target)}: ${scoresOf(event.point)}`);
        },
        context.signal,
      );
      return told(flags, reportOf(inOrder(flags, result)));
    });
  },
};

/** The result with all stages in the order that was asked for. */
function inOrder(flags: ParsedFlags, result: SweepResult): SweepResult {
  const turned = (method: MethodPoint): MethodPoint => {
    const { schedule } = method;
    if (!schedule) return method;
    const [division, levels] = [ordered(flags, schedule.division), ordered(flags, schedule.levels)];
    return { ...method, schedule: { ...schedule, division, levels } };
  };
  return {
    ...result,
    division: ordered(flags, result.division),
    points: result.points.map((point) => ({ ...point, methods: point.methods.map(turned) })),
  };
}

const names: Readonly<Record<string, string>> = { uniform: "uniform", mosaic: "MosaicDiff", searched: "searched" };

function scoresOf({ methods }: SweepPoint): string {
  return methods.map(({ id, heldOut }) => `${names[id]} ${heldOut.mean.toFixed(4)}`).join(", ");
}

function reportOf(result: SweepResult): Report {
  return {
    json: result,
    markdown: markdownOf(result),
    csv: frontSheet(result),
  };
}

function markdownOf({ request, model, dense, points }: SweepResult): string {
  const rows = points.map(({ target, methods, verdict, rankCorrelation }) => {
    const score = (id: MethodPoint["id"]) => {
      const { mean, high } = of(methods, id).heldOut;
      return `${mean.toFixed(3)} ± ${(high - mean).toFixed(3)}`;
    };
    const { sparsity, macs, schedule } = of(methods, "searched");
    return [
      percent(target),
      percent(sparsity),
      (macs / 1e9).toFixed(2),
      score("uniform"),
      score("mosaic"),
      verdict.better ? `**${score("searched")}**` : score("searched"),
      difference(verdict.againstUniform),
      difference(verdict.againstMosaic),
      rankCorrelation?.toFixed(2) ?? "",
      schedule?.levels.join(", ") ?? "",
    ];
  });
  const head = ["target", "sparsity", "GMACs", "uniform", "MosaicDiff", "searched", "against uniform"];
  const { pruner, metric, heldOut } = request;
  return [
    `${model.name}, ${pruner.id}: ${metric.id} on ${heldOut} pictures that no search saw, with 95 % intervals; dense has ${dense.heldOut.mean.toFixed(3)} at ${(dense.macs / 1e9).toFixed(2)} GMACs.`,
    table([...head, "against MosaicDiff", "probes", "levels"], rows),
    "Bold is better than both with intervals above zero; † is no difference found. Probes: rank correlation of the finalists' fitness on probes and on validation pictures; near 1, the probes can be trusted.",
  ].join("\n\n");
}

/** Every point has every method. */
function of(methods: readonly MethodPoint[], id: MethodPoint["id"]): MethodPoint {
  return methods.find((method) => method.id === id) as MethodPoint;
}
