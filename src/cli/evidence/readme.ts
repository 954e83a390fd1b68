// Figures in the README come from docs/results by this code alone, so they cannot differ from what was measured.

import type { Difference, ScheduleId, Verdict } from "../../engine/api.ts";
import { prunerName } from "../bench/tables/words.ts";
import { difference } from "./markdown.ts";
import { type SearchCostReport, searchCostTable } from "./search.ts";

/** What `bench table` printed. */
export interface TableReport {
  readonly commit: string;
  readonly node: string;
  readonly processor: string;
  readonly device: { readonly name: string };
  readonly model: string;
  readonly result: { readonly preset: string; readonly rows: readonly TableRow[] };
}

interface TableRow {
  readonly pruner: string;
  readonly target: number;
  readonly seconds: number;
  readonly schedules: readonly { readonly id: ScheduleId; readonly gmacs: number; readonly heldOutSsim: number }[];
  readonly verdict: Verdict;
}

/** What `bench page` printed. */
export interface PageReport {
  readonly processor: string;
  readonly result: {
    readonly browser: string;
    readonly visits: readonly { readonly model: string; readonly pictures: number }[];
    readonly wins: number;
    readonly medianOpenSeconds: number;
    readonly medianPicturesSeconds: number;
    readonly medianSearchSeconds: number;
  };
}

/** What `bench pruners` printed. */
export interface PrunersReport {
  readonly commit: string;
  readonly model: string;
  readonly result: {
    readonly stages: number;
    readonly items: number;
    readonly pictures: number;
    readonly reference: string;
    readonly rows: readonly {
      readonly name: string;
      readonly levels: readonly { readonly share: number; readonly error: number; readonly difference?: Difference }[];
    }[];
  };
}

export interface ReadmeReports {
  readonly table: TableReport;
  readonly page: PageReport;
  readonly pruners: PrunersReport;
  readonly "search-cost"?: SearchCostReport;
}

/** Markdown of the results section. */
export function resultsSection({ table, page, pruners, "search-cost": cost }: ReadmeReports): string {
  return [...searchesSection(table, page), "", ...costSection(cost), ...methodsSection(pruners)].join("\n");
}

function searchesSection({ result, ...around }: TableReport, page: PageReport): string[] {
  const rows = result.rows.map(({ pruner, target, schedules, verdict, seconds }) => {
    const of = (id: ScheduleId) => schedules.find((schedule) => schedule.id === id);
    const ssim = (id: ScheduleId) => of(id)?.heldOutSsim.toFixed(3) ?? "";
    const { againstUniform, againstMosaic } = verdict;
    const cells = [
      prunerName(pruner),
      `${100 * target} %`,
      of("searched")?.gmacs.toFixed(2) ?? "",
      ssim("uniform"),
      ssim("mosaic"),
      verdict.better ? `**${ssim("searched")}**` : ssim("searched"),
      difference(againstUniform),
      difference(againstMosaic),
      `${Math.round(seconds)} s`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const dense = result.rows[0]?.schedules.find(({ id }) => id === "dense")?.gmacs.toFixed(2);
  const { visits, wins, browser, medianOpenSeconds, medianPicturesSeconds, medianSearchSeconds } = page.result;
  return [
    "| method | sparsity | GMACs | uniform | MosaicDiff | searched | against uniform | against MosaicDiff | time |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
    `Dense is 1 at ${dense} GMACs. Bold is better than both with intervals above zero; † is no difference found. Measured by`,
    "`npm run -s cli -- bench table --threads 1` " +
      `(${around.device.name}, ${around.processor}, Node ${around.node.slice(1)}, commit ${around.commit});`,
    "a method's second row reuses the bank of its first. Raw numbers and schedules:",
    "[docs/results/table.json](docs/results/table.json).",
    "",
    `In the page (Chromium ${browser.split(".")[0]}, WASM, ${page.processor}, medians of ${visits.length} fresh visits): ready to search`,
    `after ${medianOpenSeconds.toFixed(1)} s, the first ${visits[0]?.pictures} dense pictures ${medianPicturesSeconds.toFixed(1)} s later, a whole Quick search at OBS 50 % with calibration`,
    `in ${Math.round(medianSearchSeconds)} s. Its winner had the best mean on held-out pictures in ${wins} of ${visits.length} seeds`,
    "(`bench page`, [docs/results/page.json](docs/results/page.json)).",
  ];
}

function costSection(report: SearchCostReport | undefined): string[] {
  if (!report) return [];
  const { generations, seeds, probes } = report.result;
  return [
    "### Cost of a search",
    "",
    `Denoiser calls until a search is as good as the paper's algorithm after ${generations} generations, and until it is within 1 % of`,
    `that; in brackets their share of all its calls (OBS at 50 %, ${probes} probes, medians of ${seeds} seeds; how it was measured:`,
    "[docs/benchmarks.md](docs/benchmarks.md#cost-of-a-search)). The page and `search` are `bayesian` unless told otherwise.",
    "",
    searchCostTable(report),
    "",
    "![The best schedule so far against denoiser calls](docs/search-cost.svg)",
    "",
  ];
}

function methodsSection({ commit, result }: PrunersReport): string[] {
  const { stages, items, pictures, reference, rows } = result;
  const head = [
    "method",
    ...(rows[0]?.levels ?? []).flatMap(({ share }) => [`${100 * share} %`, `against ${reference}`]),
  ];
  return [
    "### Methods",
    "",
    `Every method at the same level in all ${stages} stages, so that nothing but the method differs: squared error of the final latents`,
    `relative to the dense model's, mean over ${pictures} pictures, and the paired difference from ${reference} with its 95 % interval.`,
    `${items} calibration latents a stage of the bank, no search. \`bench pruners --threads 1\`, commit ${commit},`,
    "[docs/results/pruners.json](docs/results/pruners.json).",
    "",
    `| ${head.join(" | ")} |`,
    `|${"---|".repeat(head.length)}`,
    ...rows.map(({ name, levels }) => {
      const cells = levels.flatMap(({ error, difference: d }) => [error.toFixed(3), d ? difference(d) : ""]);
      return `| ${[name, ...cells].join(" | ")} |`;
    }),
  ];
}

const BEGIN = "<!-- results: written by `npm run evidence` -->";
const END = "<!-- end of results -->";

/** The README with its results section replaced. */
export function withResults(readme: string, section: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md: the marks "${BEGIN}" and "${END}" are missing`);
  return `${readme.slice(0, from)}${BEGIN}\n\n${section}\n\n${readme.slice(to)}`;
}
