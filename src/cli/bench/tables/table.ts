// A table is a list of rows for one engine, and what it should show. Rows are measured one by one and kept; the rest
// follows from them.

import { writeFile } from "node:fs/promises";
import type { ModelCard } from "../../../engine/api.ts";
import { measuredTable, verdictOf } from "../../evidence/measured-table.ts";
import { stackSheets } from "../../pictures/encode.ts";
import type { EngineBench } from "../bench.ts";
import { round3 } from "../measure.ts";
import { type Claim, type JudgedClaim, judgeClaims } from "./claims.ts";
import { forecast } from "./forecast.ts";
import { Gallery } from "./gallery.ts";
import { Ledger } from "./ledger.ts";
import { Finder } from "./methods.ts";
import { type Measured, type Row, rowId, usedIn } from "./row.ts";
import { type TableScale, type TableScaleId, tableScales } from "./scale.ts";
import { type Summary, summaryOf } from "./summary.ts";
import { type TableTools, tableTools } from "./tools.ts";

export interface Table {
  readonly help: string;
  /** Heads of the cells that name a row. */
  readonly columns: readonly string[];
  /** @param seeds of every setting; undefined leaves the number to the table */
  rows(card: ModelCard, scale: TableScale, seeds: number | undefined): readonly Row[];
  /** What it should show of these rows, which it names by their cells. */
  claims(rows: readonly Row[]): readonly Claim[];
}

export interface MeasuredRow extends Measured {
  readonly cells: readonly string[];
  readonly seed: number;
  readonly shown: boolean;
}

/** What `bench` prints of a table. */
export interface TableReport {
  readonly scale: string;
  readonly pictures: number;
  readonly columns: readonly string[];
  /** Of all rows; those that are not measured yet are missing below. */
  readonly total: number;
  readonly predictedCoreHours?: number;
  /** Of processor time, of the rows that were measured. */
  readonly coreHours: number;
  readonly summary: readonly Summary[];
  readonly claims: readonly JudgedClaim[];
  readonly rows: readonly MeasuredRow[];
}

export function tableBench(table: Table): EngineBench<TableReport> {
  return {
    help: table.help,
    async run(benchTools, context) {
      const { flags, card, folder } = benchTools;
      const id = flags.text("scale") as TableScaleId; // checked by its flag
      const scale = tableScales[id];
      const seeds = flags.given.includes("seeds") ? flags.integer("seeds") : undefined;
      const rows = table.rows(card, scale, seeds);
      const tools = await tableTools(benchTools, context);
      const ledger = await Ledger.open(folder);
      const predicted = flags.on("stored") ? undefined : await measure(rows, tools, ledger);
      const measured = await stored(rows, tools, ledger);
      const summary = summaryOf(measured);
      if (flags.has("picture")) await writeFile(flags.text("picture"), await sheetOf(rows, tools, ledger));
      const seconds = measured.reduce((sum, { seconds }) => sum + seconds.finding + seconds.evaluating, 0);
      return {
        scale: id,
        pictures: scale.pictures,
        columns: table.columns,
        total: rows.length,
        ...(predicted !== undefined && { predictedCoreHours: predicted }),
        coreHours: round3(seconds / 3600),
        summary,
        claims: judgeClaims(table.claims(rows), measured),
        rows: measured,
      };
    },
    markdown: (report) => [...measuredTable(report), ...verdictOf(report.claims)].join("\n\n"),
  };
}

/** Measures what is not measured yet. @returns core-hours of all rows as predicted before */
async function measure(rows: readonly Row[], tools: TableTools, ledger: Ledger): Promise<number> {
  const { engine, model, runtime, signal, report } = tools;
  const predicted = await forecast(engine, rows);
  report(`${rows.length} rows, about ${predicted} core-hours from nothing`);
  const finder = new Finder(tools);
  const gallery = new Gallery(tools);
  try {
    for (const [index, row] of rows.entries()) {
      signal.throwIfAborted();
      const id = rowId(model, runtime.device, row);
      if (await ledger.find(id)) continue;
      report(`row ${index + 1} of ${rows.length}: ${row.cells.join(", ")}, seed ${row.found.seed}`);
      const started = processorSeconds();
      const schedule = await finder.schedule(row);
      const found = processorSeconds();
      const { strip, ...judged } = await gallery.judge(schedule, usedIn(row), row.pictures);
      const seconds = { finding: round3(found - started), evaluating: round3(processorSeconds() - found) };
      await ledger.add(id, { ...(schedule && { schedule }), ...judged, seconds }, strip);
    }
  } finally {
    await finder.free();
  }
  return predicted;
}

/** Of this process, all threads: a long run shares the machine. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function stored(rows: readonly Row[], { model, runtime }: TableTools, ledger: Ledger): Promise<MeasuredRow[]> {
  const measured: MeasuredRow[] = [];
  for (const row of rows) {
    const known = await ledger.find(rowId(model, runtime.device, row));
    const { cells, shown = false, found } = row;
    if (known) measured.push({ cells, seed: found.seed, shown: shown && found.seed === 0, ...known });
  }
  return measured;
}

/** The strips of the rows that are shown, one below the other. */
async function sheetOf(rows: readonly Row[], { model, runtime }: TableTools, ledger: Ledger): Promise<Uint8Array> {
  const strips: Uint8Array[] = [];
  for (const row of rows.filter(({ shown, found }) => shown && found.seed === 0)) {
    const strip = await ledger.strip(rowId(model, runtime.device, row));
    if (strip) strips.push(strip);
  }
  return stackSheets(strips);
}
