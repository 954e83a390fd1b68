// Export and import on the command line: a search leaves for the authors' code and for PyTorch, and comes back.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { normals } from "../core/rng.ts";
import { uniformDivision } from "../core/schedule.ts";
import { writeSafetensors } from "../formats/safetensors.ts";
import { authorsFiles, textsOf } from "../testing/authors-files.ts";
import { cli } from "../testing/run-cli.ts";
import { tinyDitFile } from "../testing/tiny-dit.ts";
import { exportSchedule } from "./commands/export.ts";
import { bankFolder } from "./export/chosen.ts";
import { parseFlags, UsageError } from "./flags.ts";

let folder: string;
const path = (name: string) => join(folder, name);
const read = async (name: string) => JSON.parse(await readFile(path(name), "utf8"));

/** A command on the tiny model that must succeed; what it printed. */
async function run(command: string, ...args: string[]) {
  const { code, stdout, stderr } = await cli(command, "--model", path("model.safetensors"), "--heads", "4", ...args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-exchange-"));
  await writeFile(path("model.safetensors"), tinyDitFile());
  const noise = { shape: [2, 4, 8, 8], data: normals(1, ["noise"], 2 * 256) };
  const labels = { shape: [2], data: Int32Array.of(0, 3) };
  await writeFile(
    path("noise.safetensors"),
    writeSafetensors([
      ["noise", noise],
      ["labels", labels],
    ]),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a search goes to the authors' files and comes back as the schedule that sample takes", async () => {
  const sizes = ["--generations", "2", "--steps", "6", "--items", "2", "--probes", "2", "--held-out", "2"];
  const searched = ["--pruner", "wanda", "--stages", "3", "--searcher.offspring", "2", "--threads", "1"];
  const { levels, run: id } = await run("search", ...searched, ...sizes, "--out", path("search"));
  const theirs = await run("import", "--from", path("search")); // what the search left as it went
  expect(theirs).toMatchObject({ pruner: "wanda", levels, mapping: "intended", steps: 6 });
  const exported = await run("export", "--from", path("search"), "--weights", "--out", path("out"));
  expect(exported).toMatchObject({ pruner: "wanda", maxLevel: 4, levels });
  expect(await read("out/levels_per_stage.json")).toEqual({ "0": levels[2], "1": levels[1], "2": levels[0] });
  expect(await read("out/evolution.json")).toMatchObject({ meta: { H: 4 }, generations: { length: 2 } });
  expect(await read("search/evolution.json")).toEqual(await read("out/evolution.json"));
  const logs = ["--bank", path("search"), "--run", id, "--out", path("logs")];
  const written = await run("export", ...logs, "--as", "evolution");
  expect(written).toMatchObject({ files: ["evolution.json"], generations: 2 });
  expect(await read("logs/evolution.json")).toEqual(await read("out/evolution.json"));
  await run("export", ...logs, "--as", "csv");
  const [head = "", ...rows] = (await readFile(path("logs/evaluations.csv"), "utf8")).trimEnd().split("\r\n");
  expect(head).toMatch(/^number,generation,origin,partial,stopped,fitness,.*,stage_0,stage_1,stage_2,score_0,score_1$/);
  expect(rows).toHaveLength(written.evaluations);
  await run("export", ...logs, "--as", "optuna", "--reference-order");
  const journal = (await readFile(path("logs/optuna-journal.log"), "utf8")).trimEnd().split("\n");
  const trials = journal.map((line) => JSON.parse(line)).filter(({ op_code }) => op_code === 4);
  const params = trials.map(({ params }) => [params.stage_2, params.stage_1, params.stage_0]);
  const asked = rows.map((row) => row.split(",").slice(8, 11).map(Number));
  expect(params).toEqual(asked);
  expect(asked).toContainEqual(levels);
  const { calibration, search, total_prune } = await read("out/timings.json");
  expect(calibration.seconds).toBeGreaterThan(0);
  expect(search.seconds).toBeGreaterThan(0);
  expect(total_prune.seconds).toBeCloseTo(calibration.seconds + search.seconds, 9);
  const { stages } = await read("out/stages.json");
  const orders = await read("out/orders_wanda.json");
  for (const [stage, { level, kept }] of stages.entries()) {
    expect(level).toBe(levels[stage]);
    const order = orders[2 - stage]["1"].attn_heads_order;
    if (level > 0) expect(kept[1].heads).toEqual(order.slice(level).sort());
  }
  expect(await readFile(path("out/sample.py"), "utf8")).toContain("def denoise");

  const again = await run("export", "--run", id, "--bank", path("search"), "--out", path("again"));
  for (const name of again.files) expect(await read(`again/${name}`)).toEqual(await read(`out/${name}`));

  const schedule = await run("import", "--from", path("out"), "--stages", "3");
  expect(schedule).toMatchObject({ order: "sampling", pruner: "wanda", levels, steps: 6, mapping: "intended" });
  expect(schedule.division).toEqual(uniformDivision(3, 1000));
  await writeFile(path("schedule.json"), JSON.stringify(schedule));
  const noise = ["--noise", path("noise.safetensors"), "--steps", "6", "--bank", path("search"), "--threads", "1"];
  await run("sample", ...noise, "--levels", path("schedule.json"), "--out", path("file"));
  await run("sample", ...noise, "--pruner", "wanda", "--levels", levels.join(), "--out", path("list"));
  expect(await readFile(path("file"))).toEqual(await readFile(path("list")));
}, 120_000);
test("levels are translated for the authors' reader, which says what it cannot express", async () => {
  const bank = ["--pruner", "obs", "--bank", path("bank")];
  await run("calibrate", ...bank, "--stages", "3", "--items", "2", "--threads", "1");
  const levels = [...bank, "--levels", "0,3,4", "--for-official", "--out", path("official")];
  // 4 levels: told 3 it removes 2, told 4 it removes 3, and told nothing it removes 1.
  expect(await run("export", ...levels)).toMatchObject({
    levels: [0, 3, 4],
    official: [0, 4, 4],
    inexpressible: [
      { stage: 0, level: 0, removed: { heads: 1, channels: 16 } },
      { stage: 2, level: 4, removed: { heads: 3, channels: 48 } },
    ],
  });
  expect(await read("official/levels_per_stage.json")).toEqual({ "0": 4, "1": 4, "2": 0 });
  const imported = await run("import", "--from", path("official"));
  expect(imported).toMatchObject({ levels: [1, 3, 3], mapping: "official-compat" });

  const again = await cli("export", "--model", path("model.safetensors"), "--heads", "4", ...levels);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toMatch(/official: has levels_per_stage\.json, .*--overwrite/);
  expect((await run("export", ...levels, "--overwrite")).official).toEqual([0, 4, 4]);
}, 60_000);

test("files that do not fit are refused with everything that is wrong with them", async () => {
  const at = path("theirs");
  await mkdir(at);
  for (const [name, text] of textsOf(authorsFiles())) await writeFile(join(at, name), text);
  const args = ["--model", path("model.safetensors"), "--heads", "4", "--from", at, "--stages", "5"];
  const { code, stderr } = await cli("import", ...args);
  expect(code).toBe(1);
  // The model has 64 channels, not 8, in each of 2 blocks in 3 stages.
  expect(stderr).toMatch(/^corrupt-data: .*theirs: 13 mismatches; correct the files/);
  expect(stderr).toMatch(/^ {2}levels_per_stage\.json: the number of stages is 3, expected 5$/m);
  expect(stderr).toMatch(/^ {2}orders_wanda\.json: stage 2, block 1: mlp_channels_order is no order of 0 … 63: 8/m);
  const nothing = await cli("import", ...args.with(5, folder));
  expect(nothing.stderr).toMatch(/missing-data: .*has none of levels_per_stage\.json/);
}, 30_000);

test.each([
  [[], /give one of --from, --run and --levels/],
  [["--from", "a", "--levels", "1,2"], /give one of --from, --run and --levels/],
  [["--run", "a"], /--run needs --bank/],
  [["--levels", "1,b"], /--levels: "b" is not an integer/],
])("export does not know what to export: %s", (args, message) => {
  const act = () => bankFolder(parseFlags(exportSchedule.flags, ["--model", "m", "--out", "o", ...args]));
  expect(act).toThrow(UsageError);
  expect(act).toThrow(message);
});
