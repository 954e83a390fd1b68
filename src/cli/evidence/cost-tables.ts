// What pruning saves and costs, in the form of the paper's tables, from what other benches measured.

import type { MemoryReport } from "./benchmarks.ts";
import { around, table } from "./markdown.ts";
import { type PaperTables, paperPart } from "./paper.ts";
import type { TableReport } from "./readme.ts";
import type { RoutingReport } from "./routing.ts";

export interface CostReports {
  readonly "routing-node": RoutingReport;
  readonly memory: MemoryReport;
  readonly table: TableReport;
}

export function costSections(reports: CostReports, paper: PaperTables): string[] {
  return [
    ...latencySection(reports, paper),
    ...batchSection(reports["routing-node"], paper),
    ...memorySection(reports.memory, paper),
  ];
}

function latencySection({ "routing-node": routing, table: quick }: CostReports, paper: PaperTables): string[] {
  const { pictures, steps, levels, dense, kept, macRatio } = routing.result.schedule;
  const searches = quick.result.rows.filter(({ pruner }) => pruner === "obs");
  const hours = searches.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  return [
    "## Latency and the cost of pruning (Table 3)",
    around(routing, "routing --backend cpu --threads 1"),
    `From noise to ${pictures} pictures in ${steps} steps, decoding included, with a searched schedule of levels ${levels.join(" ")}. Pruning is calibration, banks and ${searches.length} Quick searches (OBS at 25 % and 50 %, \`bench table\`, commit ${quick.commit}) on one thread; the paper's hours are of a graphics processor.`,
    table(
      ["schedule", "ms", "speed-up", "ratio of MACs", "pruning, hours"],
      [
        ["dense", String(Math.round(dense)), "1.00×", "1.00", "0"],
        ["searched", String(Math.round(kept)), times(dense / kept), macRatio.toFixed(2), hours.toFixed(3)],
      ],
    ),
    ...paperPart(paper, "cost"),
  ];
}

function batchSection(routing: RoutingReport, paper: PaperTables): string[] {
  const { rows } = routing.result;
  const half = Math.max(...rows.map(({ level }) => level)) / 2;
  return [
    "## Batches (Table 10)",
    around(routing, "routing --backend cpu --threads 1"),
    `A guided step at level ${half}, half of the highest, from one picture at a time to many.`,
    table(
      ["batch", "dense, ms", "pruned, ms", "speed-up"],
      rows
        .filter(({ level }) => level === half)
        .map(({ batch, dense, speedUp }) => [
          String(batch),
          dense.toPrecision(3),
          (dense / speedUp).toPrecision(3),
          times(speedUp),
        ]),
    ),
    ...paperPart(paper, "batch"),
  ];
}

function memorySection(report: MemoryReport, paper: PaperTables): string[] {
  const rows = report.result.rows.map(({ stages, stitched, routed, ratio }) => {
    const [whole, kept] = [stitched, routed].map(({ allocated }) => `${Math.round(allocated)} MB`);
    return [String(stages), `${whole}`, `${kept}`, ratio.toFixed(2)];
  });
  return [
    "## Memory (Table 6)",
    around(report, "memory --backend wasm"),
    "Memory beyond the opened runtime: a whole pruned model per stage, or weights routed into one.",
    table(["stages", "stitching", "routing", "ratio"], rows),
    ...paperPart(paper, "memory"),
  ];
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}
