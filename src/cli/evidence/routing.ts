// What routing gains and costs: the section of docs/benchmarks.md.

import { around, type Surroundings, table } from "./markdown.ts";

/** What `bench routing` printed. Times in milliseconds. */
export interface RoutingReport extends Surroundings {
  readonly result: {
    readonly rows: readonly Row[];
    readonly entering: {
      readonly level: number;
      readonly stepsPerStage: number;
      readonly fromStorage: number;
      readonly readAhead: number;
      readonly cached: number;
      readonly shareFromStorage: Readonly<Record<string, number>>;
      readonly shareReadAhead: Readonly<Record<string, number>>;
      readonly shareCached: Readonly<Record<string, number>>;
    };
    readonly schedule: {
      readonly pictures: number;
      readonly steps: number;
      readonly levels: readonly number[];
      readonly dense: number;
      readonly entering: number;
      readonly kept: number;
      readonly macRatio: number;
      readonly ofMacRatioEntering: number;
      readonly ofMacRatioKept: number;
    };
  };
}

interface Row {
  readonly batch: number;
  readonly level: number;
  readonly dense: number;
  readonly blocks: number;
  readonly stitched: number;
  readonly speedUp: number;
  readonly macRatio: number;
  readonly ofMacRatio: number;
}

/** In the page's runtime and in Node's. */
export function routingSection(wasm: RoutingReport, node: RoutingReport): string[] {
  return [
    "## Routing",
    "One guided denoiser step at every level, batches of 1 to 32 pictures: how much faster than dense, and in brackets that over the ratio of MACs, which is its limit. Dense is the faster of chains that are fed with their weights and one fused graph with the weights inside; up to batch 8 routed steps run such graphs too, once a stage's weights were used often, and chains beyond. For comparison at one level: fed only is chains at every batch, stitched is a whole pruned model with its weights inside.",
    around(wasm, "routing --backend wasm --threads 1"),
    stepsTable(wasm.result.rows),
    around(node, "routing --backend cpu --threads 1"),
    stepsTable(node.result.rows),
    ...enteringPart(wasm),
    ...schedulePart(wasm, node),
  ];
}

function stepsTable(rows: readonly Row[]): string {
  const batches = [...new Set(rows.map(({ batch }) => batch))];
  const levels = [...new Set(rows.map(({ level }) => level))].filter((level) => level > 0);
  const at = (batch: number, level: number) => rows.find((row) => row.batch === batch && row.level === level) as Row;
  const half = levels[Math.floor(levels.length / 2) - 1] as number;
  const cell = (speedUp: number, macRatio: number) => `${speedUp.toFixed(2)}× (${(speedUp / macRatio).toFixed(2)})`;
  const compared = (name: string, way: "blocks" | "stitched") => [
    `${name}, ${half}`,
    at(batches[0] as number, half).macRatio.toFixed(2),
    ...batches.map((batch) => {
      const row = at(batch, half);
      return cell(row.dense / row[way], row.macRatio);
    }),
  ];
  return table(
    ["level", "MAC ratio", ...batches.map((batch) => `batch ${batch}`)],
    [
      ["dense", "1.00", ...batches.map((batch) => `${at(batch, 0).dense.toPrecision(3)} ms`)],
      ...levels.map((level) => {
        const macRatio = at(batches[0] as number, level).macRatio;
        return [
          String(level),
          macRatio.toFixed(2),
          ...batches.map((batch) => cell(at(batch, level).speedUp, macRatio)),
        ];
      }),
      compared("fed only", "blocks"),
      compared("stitched", "stitched"),
    ],
  );
}

function enteringPart(report: RoutingReport): string[] {
  const { entering } = report.result;
  const row = (name: string, time: number, shares: Readonly<Record<string, number>>) => [
    name,
    time < 1 ? "below 1 ms" : `${Math.round(time)} ms`,
    ...Object.values(shares).map((share) => `${(100 * share).toFixed(share < 0.01 ? 2 : 0)} %`),
  ];
  const pictures = Object.keys(entering.shareCached).map((count) => `of its sampling, ${count} pictures`);
  return [
    `Entering a stage at level ${entering.level} beside sampling its ${entering.stepsPerStage} guided steps, ${report.device.name}:`,
    table(
      ["cuts come from", "time", ...pictures],
      [
        row("storage", entering.fromStorage, entering.shareFromStorage),
        row("factors read ahead", entering.readAhead, entering.shareReadAhead),
        row("the cache of cuts", entering.cached, entering.shareCached),
      ],
    ),
  ];
}

function schedulePart(...reports: readonly RoutingReport[]): string[] {
  const { pictures, steps } = (reports[0] as RoutingReport).result.schedule;
  const cell = (time: number, share: number) => `${Math.round(time)} ms (${share.toFixed(2)})`;
  return [
    `A whole searched schedule from noise to ${pictures} pictures in ${steps} steps, decoding included; in brackets the speed-up over its ratio of MACs. With room for one stage, each is read and cut again when it is entered; cuts that stay are what a search and a second batch see.`,
    table(
      ["runtime", "levels", "MAC ratio", "dense", "room for one stage", "cuts stay"],
      reports.map(({ device, result: { schedule } }) => [
        device.name,
        schedule.levels.join(" "),
        schedule.macRatio.toFixed(2),
        `${Math.round(schedule.dense)} ms`,
        cell(schedule.entering, schedule.ofMacRatioEntering),
        cell(schedule.kept, schedule.ofMacRatioKept),
      ]),
    ),
  ];
}
