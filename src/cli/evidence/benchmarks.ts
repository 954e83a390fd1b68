// docs/benchmarks.md from docs/results: tables, with what they were measured on.

import { lighthouseSection } from "./lighthouse.ts";
import { around, type Surroundings, table } from "./markdown.ts";
import { pageMemorySection } from "./page-memory.ts";
import { racingSection } from "./racing.ts";
import type { Reports } from "./reports.ts";
import { routingSection } from "./routing.ts";
import { searchCostSection } from "./search.ts";
import { fullDiskSection, killsSection } from "./survival.ts";

/** What `bench memory` printed. Megabytes beyond the opened runtime. */
interface Peak {
  readonly allocated: number;
  readonly resident: number;
}

export interface MemoryReport extends Surroundings {
  readonly result: {
    readonly rows: readonly {
      readonly stages: number;
      readonly pictures: number;
      readonly dense: Peak;
      readonly routed: Peak;
      readonly kept: Peak;
      readonly stitched: Peak;
      readonly ratio: number;
    }[];
  };
}

interface BankRow {
  readonly model: string;
  readonly stages: number;
  readonly factors: number;
}

/** What `bench bank-size` printed. Bytes. */
export interface BankSizeReport extends Surroundings {
  readonly result: {
    readonly computed: readonly (BankRow & { readonly snapshots: number; readonly ratio: number })[];
    readonly measured: BankRow;
  };
}

interface Median {
  readonly median: number;
}

/** What `bench factor` printed. Times in milliseconds. */
export interface FactorReport extends Omit<Surroundings, "device"> {
  readonly result: {
    readonly levels: number;
    readonly rows: readonly {
      readonly rows: number;
      readonly columns: number;
      readonly groupSize: number;
      readonly greedy: Median;
      readonly givenOrder: Median;
      readonly literal: Median;
      readonly literalOverGivenOrder: number;
      readonly bytes: { readonly ratio: number };
      readonly error: { readonly greedy: number; readonly givenOrder: number };
    }[];
  };
}

/** What `bench bank` printed: of the page, where nothing but the browser is known of the device. */
export interface BankReport extends Omit<Surroundings, "device"> {
  readonly result: {
    readonly browser: string;
    readonly stages: number;
    readonly latents: number;
    readonly rows: readonly {
      readonly plan: string;
      readonly items: number;
      readonly device: string;
      readonly seconds: number;
      readonly blocks: number;
      readonly longestBlock: number;
    }[];
  };
}

export function benchmarksPage(reports: Reports): string {
  const { routing, memory, bank, factor, racing, "search-cost": searchCost } = reports;
  const { kills, "page-kills": pageKills, "full-disk": fullDisk, "page-memory": pageMemory } = reports;
  return `${[
    "# Benchmarks",
    "Written by `npm run evidence` from [docs/results](results). Ratios compare what ran side by side in one run; medians, warm.",
    ...routingSection(routing, reports["routing-node"]),
    ...memorySection(memory),
    ...factorSection(factor),
    ...bankSection(bank),
    ...bankSizeSection(reports["bank-size"]),
    ...lighthouseSection(reports.lighthouse),
    ...(searchCost ? searchCostSection(searchCost) : []),
    ...(racing ? racingSection(racing) : []),
    ...(kills && pageKills ? killsSection(kills, pageKills) : []),
    ...(fullDisk ? fullDiskSection(fullDisk) : []),
    ...(pageMemory ? pageMemorySection(pageMemory) : []),
  ].join("\n\n")}\n`;
}

function memorySection(report: MemoryReport): string[] {
  return [
    "## Memory",
    around(report, "memory --backend wasm"),
    `Largest memory beyond the opened runtime, without garbage, in megabytes: a schedule at half of its levels draws ${report.result.rows[0]?.pictures} pictures in 20 steps. Allocated is WASM's memory, JavaScript's heap and its buffers; in brackets the resident size of the process, which includes the compiled runtime. Routed has room for the stage that runs and the one that is read ahead; with the default room, stages stay.`,
    table(
      ["stages", "dense", "routed", "routed, stages stay", "stitched", "routed over stitched"],
      report.result.rows.map(({ stages, dense, routed, kept, stitched, ratio }) => [
        String(stages),
        ...[dense, routed, kept, stitched].map(
          ({ allocated, resident }) => `${Math.round(allocated)} (${Math.round(resident)})`,
        ),
        ratio.toFixed(2),
      ]),
    ),
  ];
}

function factorSection({ result, processor, node, commit }: FactorReport): string[] {
  return [
    "## Factors",
    `\`npm run -s cli -- bench factor\`: one thread, ${processor}, Node ${node.slice(1)}, commit ${commit}.`,
    `All ${result.levels} levels of one layer in float64, in milliseconds: our factor with its greedy search for the order, the factor of a known order, and the literal elimination in that order, column by column with the same kernels. Size is the factor's over one snapshot per level; the error is the largest of all levels' float32 weights, relative, against the literal elimination.`,
    table(
      ["layer", "greedy", "known order", "literal", "literal over known order", "size", "error"],
      result.rows.map(
        ({ rows, columns, groupSize, greedy, givenOrder, literal, literalOverGivenOrder, bytes, error }) => [
          `${rows} × ${columns}${groupSize > 1 ? `, heads of ${groupSize}` : ""}`,
          ...[greedy, givenOrder, literal].map(({ median }) => median.toPrecision(3)),
          `${literalOverGivenOrder.toFixed(1)}×`,
          bytes.ratio.toFixed(2),
          Math.max(error.greedy, error.givenOrder).toExponential(0),
        ],
      ),
    ),
  ];
}

function bankSection({ result, processor, commit }: BankReport): string[] {
  const { browser, stages, latents, rows } = result;
  const device = [...new Set(rows.map((row) => row.device))].join("; ");
  return [
    "## Time of a bank",
    `\`npm run -s cli -- bench bank\`: the page in Chromium ${browser.split(".")[0]}, ${device}, ${processor}, commit ${commit}.`,
    `Calibrating and factoring ${stages} stages with ${latents} latents, each with its label and with the null label, OBS. Blocks are tasks of 50 ms and more in the page's thread, which draws and answers meanwhile.`,
    table(
      ["plan", "latents a stage", "time", "blocks", "longest block"],
      rows.map(({ plan, items, seconds, blocks, longestBlock }) => [
        plan,
        String(items),
        `${Math.round(seconds)} s`,
        String(blocks),
        blocks === 0 ? "below 50 ms" : `${Math.round(longestBlock)} ms`,
      ]),
    ),
  ];
}

function bankSizeSection(report: BankSizeReport): string[] {
  const { computed, measured } = report.result;
  const size = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(0)} MB`);
  return [
    "## Size of a bank",
    around(report, "bank-size"),
    `${computed[0]?.stages} stages, float32, from the shapes. Snapshots are one pruned copy of the cut layers per level, as the authors keep them. Measured for ${measured.model}: ${size(measured.factors)}, order and checksums included.`,
    table(
      ["model", "factors", "snapshots", "ratio"],
      computed.map(({ model, factors, snapshots, ratio }) => [model, size(factors), size(snapshots), ratio.toFixed(2)]),
    ),
  ];
}
