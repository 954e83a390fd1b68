// The commands that go beyond one search: JSON or a table on stdout, the table for programs in a file.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SensitivityResult, SweepResult } from "../engine/api.ts";
import { cli } from "../testing/run-cli.ts";
import { tinyDitFile } from "../testing/tiny-dit.ts";
import { sensitivity } from "./commands/sensitivity.ts";
import { sweep } from "./commands/sweep.ts";
import { parseFlags, UsageError } from "./flags.ts";

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-studies-"));
  await writeFile(path("model.safetensors"), tinyDitFile());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const flags = ["--pruner", "obs", "--stages", "2", "--steps", "4", "--items", "4", "--probes", "2", "--threads", "1"];
const run = (command: string, ...more: string[]) =>
  cli(command, "--model", path("model.safetensors"), "--heads", "4", ...flags, "--bank", path("bank"), ...more);
/** Cells of a file of --csv. */
async function csvOf(name: string): Promise<string[][]> {
  const lines = (await readFile(path(name), "utf8")).trimEnd().split("\r\n");
  return lines.map((line) => line.split(","));
}

describe("sensitivity", () => {
  const table = (...more: string[]) => run("sensitivity", "--levels", "2", "--targets", "0.25,0.5", ...more);

  test("prints JSON, or a table to be read, and writes one for programs", async () => {
    const { code, stdout, stderr } = await table("--csv", path("table.csv"));
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^calibrate \d+ % +Calibrating/m);
    const result = JSON.parse(stdout) as SensitivityResult;
    expect(result.table.map((row) => row.length)).toEqual([5, 5]);
    expect(result.predictions.map(({ target }) => target)).toEqual([0.25, 0.5]);
    const [head, ...rows] = await csvOf("table.csv");
    expect(head).toEqual(["stage", "high", "low", "level", "loss", "measured"]);
    expect(rows.map(([stage, , , level, loss, measured]) => [stage, level, Number(loss), measured])).toEqual(
      result.table.flatMap((row, stage) =>
        row.map(({ loss, measured }, level) => [String(stage), String(level), loss, String(measured)]),
      ),
    );

    const again = await table("--markdown", "--reference-order");
    expect(again.code, again.stderr).toBe(0);
    const [first, second] = [result.table[1]?.[4]?.loss, result.table[1]?.[1]?.loss] as [number, number];
    const stage = new RegExp(
      `^\\| 0 \\| 499 … 0 \\| \\(${second.toFixed(4)}\\) \\|.*\\| ${first.toFixed(4)} \\|$`,
      "m",
    );
    expect(again.stdout).toMatch(stage);
    const [, half] = result.predictions;
    expect(again.stdout).toContain(`| ${half?.loss.toFixed(4)} | ${[...(half?.levels ?? [])].reverse().join(", ")} |`);
    expect(again.stdout).toMatch(/^0 denoiser calls, \d+ saved\.$/m); // the first command scored everything
  }, 60_000);

  test.each([
    ["--targets", "0.1,lots", /--targets: "lots" is not a number/],
    ["--targets", "0.1,50", /--targets: 50 is not in 0 … 1/],
    ["--levels", "0", /--levels: 0 is not at least 1/],
  ])("%s %s is wrong use", (flag, value, message) => {
    const args = ["--model", "m", "--bank", "b", flag, value];
    expect(() => parseFlags(sensitivity.flags, args)).toThrow(UsageError);
    expect(() => parseFlags(sensitivity.flags, args)).toThrow(message);
  });
});

describe("sweep", () => {
  const sizes = ["--validation", "2", "--held-out", "2", "--generations", "1", "--searcher.offspring", "2"];
  const front = (...more: string[]) => run("sweep", ...sizes, "--targets", "0.25,0.5", ...more);

  test("prints JSON, or a table to be read, and writes one for programs; its runs are in the library", async () => {
    const { code, stdout, stderr } = await front("--csv", path("front.csv"));
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^calibrate +\d+ % +25 %: /m);
    expect(stderr).toMatch(/^50\.0 %: uniform -?\d+\.\d+, MosaicDiff -?\d+\.\d+, searched -?\d+\.\d+$/m);
    const result = JSON.parse(stdout) as SweepResult;
    expect(result.points.map(({ target }) => target)).toEqual([0.25, 0.5]);
    const searched = result.points.map(({ methods }) => methods.find(({ id }) => id === "searched")?.schedule?.levels);
    const [head, ...rows] = await csvOf("front.csv");
    expect(head).toEqual(["target", "method", "sparsity", "macs", "fitness", "held_out", "low", "high", "levels"]);
    expect(rows.map(([target, method]) => `${target} ${method}`)).toEqual([
      "0 dense",
      ...["0.25", "0.5"].flatMap((target) => ["uniform", "mosaic", "searched"].map((method) => `${target} ${method}`)),
    ]);
    expect(rows.at(-1)?.at(-1)).toBe(searched[1]?.join(" "));

    const again = await front("--markdown", "--reference-order");
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).not.toMatch(/^(reference|search|held-out)/m); // all runs were finished
    for (const levels of searched)
      expect(again.stdout).toMatch(new RegExp(`^\\| .* \\| ${[...(levels ?? [])].reverse().join(", ")} \\|$`, "m"));
    const model = ["--model", path("model.safetensors"), "--heads", "4"];
    const found = ["--bank", path("bank"), "--run", String(result.points[1]?.run)];
    const exported = await cli("export", ...model, ...found, "--out", path("files"));
    expect(exported.code, exported.stderr).toBe(0);
  }, 60_000);

  test("takes a search's flags, but for its target", () => {
    const args = ["--model", "m", "--bank", "b"];
    expect(() => parseFlags(sweep.flags, [...args, "--target", "0.5"])).toThrow(UsageError);
    const flags = parseFlags(sweep.flags, args);
    expect(flags.numbers("targets")).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });
});
