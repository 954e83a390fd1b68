// bench: measured answers. `npm run -s cli -- bench routing --model public/models/tiny-worlds --backend wasm`.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { StudioError } from "../../core/errors.ts";
import { bankSize } from "../bench/bank-size.ts";
import type { Bench, EngineBench } from "../bench/bench.ts";
import { bank } from "../bench/browser/bank.ts";
import { editor } from "../bench/browser/editor.ts";
import { fullDisk } from "../bench/browser/full-disk.ts";
import { heatmap } from "../bench/browser/heatmap.ts";
import { lighthouseBench } from "../bench/browser/lighthouse.ts";
import { page } from "../bench/browser/page.ts";
import { pageKills } from "../bench/browser/page-kills.ts";
import { pageMemory } from "../bench/browser/page-memory.ts";
import { factor } from "../bench/factor.ts";
import { kills } from "../bench/kills.ts";
import { memory } from "../bench/memory.ts";
import { pruners } from "../bench/pruners.ts";
import { quick } from "../bench/quick.ts";
import { racing } from "../bench/racing.ts";
import { routing } from "../bench/routing.ts";
import { sample } from "../bench/sample.ts";
import { scales } from "../bench/search/scale.ts";
import { searchCost } from "../bench/search-cost.ts";
import { searchersBench } from "../bench/searchers.ts";
import { table } from "../bench/table.ts";
import { tables } from "../bench/tables/index.ts";
import { tableBench } from "../bench/tables/table.ts";
import { openEngine } from "../environment.ts";
import { choiceFlag, integerIn, type ParsedFlags, UsageError } from "../flags.ts";
import { backendOf, type Command, type Context, modelFlags, modelSource, threadsOf } from "./command.ts";

const tableBenches = Object.fromEntries(Object.entries(tables).map(([id, table]) => [id, tableBench(table)]));

const benches: Readonly<Record<string, Bench>> = {
  routing,
  sample,
  quick,
  table,
  pruners,
  page,
  editor,
  bank,
  heatmap,
  lighthouse: lighthouseBench,
  "bank-size": bankSize,
  factor,
  memory,
  searchers: searchersBench,
  "search-cost": searchCost,
  racing,
  ...tableBenches,
  kills,
  "page-kills": pageKills,
  "full-disk": fullDisk,
  "page-memory": pageMemory,
};

export const bench: Command = {
  help: `measure: ${Object.keys(benches).join(", ")}`,
  subject: "name",
  flags: {
    name: choiceFlag(Object.keys(benches), { required: true, help: "what to measure" }),
    ...modelFlags,
    model: { value: "DIR|FILE.safetensors", default: "public/models/tiny-worlds", help: "model to measure" },
    rounds: { value: "N", default: "7", help: "interleaved rounds (routing, factor, lighthouse)", check: integerIn(1) },
    seeds: {
      value: "N",
      default: "5",
      help: "searches (quick, page, full-disk), or seeds (racing, searchers, search-cost, tables, which have their own)",
      check: integerIn(1),
    },
    preset: choiceFlag(["quick", "standard"], { default: "quick", help: "size of the searches (table)" }),
    scale: choiceFlag(Object.keys(scales), {
      default: "nano",
      help: "size of the bench (searchers, search-cost, tables)",
    }),
    kills: { value: "N", default: "30", help: "random moments (kills, page-kills)", check: integerIn(1) },
    folder: {
      value: "DIR",
      help: "keep banks, evaluations and rows here: a bench that was stopped goes on [none kept]",
    },
    stored: { help: "tell what --folder has of a table, and measure nothing (tables)" },
    markdown: { help: "print a table to be read instead of JSON (tables)" },
    picture: {
      value: "FILE.png",
      help: "where to put a picture of the finished page (page), or a sheet of samples (tables)",
    },
    "allow-software": { help: "measure on a GPU emulated on the processor, whose times mean nothing" },
  },
  async run(flags, context) {
    const name = flags.text("name");
    const chosen = benches[name] as Bench; // checked by its flag
    checkTableFlags(name, flags);
    const around = { bench: name, ...surroundings() }; // before the run: sources may change during a long one
    if ("compute" in chosen) return { ...around, result: await chosen.compute(flags, context) };
    const kept = flags.optional("folder");
    const folder = kept ?? (await mkdtemp(join(tmpdir(), "diff-es-bench-")));
    try {
      if ("observe" in chosen) return { ...around, result: await chosen.observe({ flags, folder }, context) };
      const told = await inThisProcess(chosen, folder, flags, context);
      return typeof told === "string" ? told : { ...around, ...told };
    } finally {
      if (kept === undefined) await rm(folder, { recursive: true, force: true });
    }
  },
};

/** @throws UsageError for flags of tables that say nothing here */
function checkTableFlags(name: string, flags: ParsedFlags): void {
  const own = ["markdown", "stored"].find((flag) => flags.on(flag));
  if (own && !(name in tables))
    throw new UsageError(`--${own}: ${name} is no table, as ${Object.keys(tables).join(", ")} are`);
  if (flags.on("stored") && !flags.has("folder")) throw new UsageError("--stored: needs the --folder that rows are in");
}

/** V8 runs WASM unoptimised until it is warm, which takes longer than a bench; it is told to optimise at once. */
async function inThisProcess(chosen: EngineBench, folder: string, flags: ParsedFlags, context: Context) {
  setFlagsFromString("--no-liftoff");
  const { engine, runtime, storage } = await openEngine(backendOf(flags), folder, threadsOf(flags));
  try {
    if (runtime.device.software && !flags.on("allow-software"))
      throw new StudioError(
        "unsupported-device",
        `${runtime.device.name} is emulated on the processor: its times mean nothing; choose --backend wasm or cpu`,
      );
    const source = await modelSource(flags);
    const card = await engine.load({ source }, () => {}, context.signal);
    const result = await chosen.run({ engine, runtime, storage, folder, card, source, flags }, context);
    if (flags.on("markdown") && chosen.markdown) return chosen.markdown(result);
    return { device: runtime.device, model: card.id, result };
  } finally {
    await engine.close();
  }
}

/** What a figure means nothing without. */
function surroundings() {
  const [first] = cpus();
  return { commit: commit(), node: process.version, processor: `${cpus().length} x ${first?.model ?? "unknown"}` };
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
