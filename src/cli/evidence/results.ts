// docs/results.md: the paper's evaluation on the demo model, table by table, with the paper's own tables beside.

import { join } from "node:path";
import { count } from "../../core/format.ts";
import { presets } from "../../core/presets.ts";
import { FINALISTS } from "../../engine/judge.ts";
import type { TableId } from "../bench/tables/index.ts";
import { tableScales } from "../bench/tables/scale.ts";
import type { MeasuredRow, TableReport } from "../bench/tables/table.ts";
import { type CostReports, costSections } from "./cost-tables.ts";
import { frontPicture } from "./front-picture.ts";
import { around, type Surroundings } from "./markdown.ts";
import { type ColumnId, measuredTable, verdictOf } from "./measured-table.ts";
import { type PaperTables, paperPart } from "./paper.ts";
import { schedulesPicture } from "./schedules-picture.ts";

/** What `bench` printed of a table. */
export interface MeasuredTable extends Surroundings {
  readonly model: string;
  readonly result: TableReport;
}

export type TableReports = { readonly [Id in TableId]?: MeasuredTable | undefined };

/** Of the searches that the documents show. */
const { pictures, preset, search } = tableScales.demo;
const { probes, validation } = { ...presets[preset].values, ...search };
const { generations } = presets[preset].options;

interface TableText {
  readonly title: string;
  readonly about: string;
  /** The usual ones unless given. */
  readonly columns?: readonly ColumnId[];
}

/** In their order on the page. */
const texts: Readonly<Record<TableId, TableText>> = {
  table1: {
    title: "Pruners and schedules (Table 1)",
    about:
      "MosaicDiff has its own three stages and their calibration; its levels are not published and are reconstructed. The best three stages are the best of all schedules on MosaicDiff's borders within 1 % of the MACs, chosen as a search chooses. Activation and magnitude are not in the paper's table.",
  },
  combine: {
    title: "Fewer steps, pruning, and both (Table 7)",
    about:
      "OBS at 50 %. Half of the steps of the dense model cost what a schedule at 50 % costs over all of them. A schedule found at all DDIM steps is carried over to fewer, or one is searched anew there.",
  },
  greedy: {
    title: "Other searches, and none (Table 11)",
    about:
      "OBS at 50 %, 10 stages. The paper does not say how its greedy search works: the constructive one starts dense and raises the level that costs least until the budget is spent, the local one starts uniform and takes the best move of one level. Patterns are those that the evolution starts from, on one seed; by the authors' definitions front is ramp down and back is ramp up.",
  },
  fitness: {
    title: "Searched by and judged by (Table 4)",
    about:
      "OBS at 50 %: a line for each fitness, a column for each metric that judges what was found. ‡ is above the dense model in a metric without reference: over-fitted, since pruning can only spoil.",
    columns: ["fid", "ssim", "psnr", "latent-mse", "latent-cosine", "quality", "fft"],
  },
  sparsity: {
    title: "Sparsities (Table 8)",
    about:
      "OBS. Levels are whole, so the sparsity that is reached is the nearest twelfth; the column of MACs tells what it really is.",
  },
  settings: {
    title: "Settings of the search (Table 5)",
    about: `OBS at 50 %. The base has 10 stages, ${generations} generations and ${probes} probes.`,
  },
  transfer: {
    title: "Schedules elsewhere",
    about:
      "A schedule at 50 % that was found in one place and is used in another, beside one that was searched there: what it is worse by is its regret.",
  },
};
const ids = Object.keys(texts) as TableId[];

export function resultsPage(reports: TableReports & CostReports, paper: PaperTables): string {
  return `${[
    "# Results",
    "The paper's evaluation on the demo model, Tiny Worlds. Written by `npm run evidence` from [docs/results](results).",
    ...HOW,
    ...ids.flatMap((id) => section(id, reports[id], paper)),
    ...costSections(reports, paper),
  ].join("\n\n")}\n`;
}

/** Drawings beside the page, by their path from the root. */
export function resultsPictures(reports: TableReports): [string, string][] {
  const { sparsity } = reports;
  return [
    ...ids.flatMap((id): [string, string][] => {
      const drawn = shownRows(reports[id]).filter(({ schedule }) => schedule);
      return drawn.length > 0 ? [[join("docs", "results", `${id}.svg`), schedulesPicture(drawn)]] : [];
    }),
    ...(sparsity ? [[FRONT, frontPicture(sparsity.result.summary)] satisfies [string, string]] : []),
  ];
}

const FRONT = join("docs", "results", "front.svg");

function shownRows(report: MeasuredTable | undefined): readonly MeasuredRow[] {
  return report?.result.rows.filter(({ shown }) => shown) ?? [];
}

/** The sheet of samples, the drawing of schedules, and for sparsities the front. */
function picturesOf(id: TableId, report: MeasuredTable): string[] {
  const shown = shownRows(report);
  if (shown.length === 0) return [];
  const names = shown.map(({ cells }) => cells.filter(Boolean).join(", "));
  return [
    `![Samples](results/${id}.png)`,
    `From top to bottom: ${names.join("; ")}. One picture of each class, not selected, from the same noise.`,
    ...(shown.some(({ schedule }) => schedule) ? [`![Levels of every step](results/${id}.svg)`] : []),
    ...(id === "sparsity" ? ["![Quality against cost](results/front.svg)"] : []),
  ];
}

const HOW = [
  "All pruned schedules of a setting have the same MACs over the steps that are visited, the best three stages within 1 % (one forward a step, guidance not doubled, as the paper counts). Pictures of a line come from the same noise, classes in turn, and no search saw them. Sets of pictures are compared with 10,000 of the kind that the model was trained on; single pictures with the dense model's at 20 DDIM steps. A line is the mean over seeds, each with banks, probes and noise of its own, with half of its 95 % interval (Student's t). In the verdicts differences are paired by seed; certainly is outside of the 95 % interval, which one seed does not have. Both ruined: SSIM below 0.6 on both sides.",
  [
    "What differs from the paper, and why:",
    "",
    "- The model has 12 blocks and 64 × 64 pictures of ten classes, so that everything here runs on a processor. Schedules found on it say nothing about other models.",
    `- FID and its kin look through the model's own classifier (64 features), not through Inception-v3, and at ${count(pictures)} pictures, not 50,000, where FID is too high: they compare lines of these tables, and nothing else.`,
    `- Searches are the paper's evolution at the page's ${presets[preset].label} size: ${generations} generations and ${probes} probes, not 100 and 64, with SSIM to the dense model as fitness where the paper takes TOPIQ. The best ${FINALISTS} are compared once more on ${validation} other pictures before one wins, and so are the best three stages.`,
    "- MACs are counted from shapes. The paper's column follows the nominal sparsity.",
  ].join("\n"),
];

function section(id: TableId, report: MeasuredTable | undefined, paper: PaperTables): string[] {
  if (!report) return [];
  const { title, about, columns } = texts[id];
  const { scale, pictures, coreHours, predictedCoreHours, claims } = report.result;
  const predicted = predictedCoreHours === undefined ? "" : ` (${predictedCoreHours.toFixed(1)} were predicted)`;
  return [
    `## ${title}`,
    around(report, `${id} --scale ${scale} --threads 1`),
    `${count(pictures)} pictures of each schedule; ${coreHours.toFixed(1)} core-hours${predicted}. ${about}`,
    ...measuredTable(report.result, columns),
    ...verdictOf(claims),
    ...picturesOf(id, report),
    ...paperPart(paper, id),
  ];
}
