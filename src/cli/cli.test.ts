// The command line as a user meets it: files in, files out, exit codes.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { presetOptions, presets, USUAL_SEARCHER } from "../core/presets.ts";
import { normals } from "../core/rng.ts";
import type { SearchResult } from "../engine/api.ts";
import { readSafetensors, toFloat32, writeSafetensors } from "../formats/safetensors.ts";
import { metrics } from "../metrics/index.ts";
import { cli } from "../testing/run-cli.ts";
import { tinyDitFile } from "../testing/tiny-dit.ts";
import { search } from "./commands/search.ts";
import { parseFlags, UsageError } from "./flags.ts";
import { checkStoredRun } from "./stored-run.ts";

const STAGES = 2;
let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-cli-"));
  await writeFile(path("model.safetensors"), tinyDitFile());
  const picture = [4, 8, 8];
  const draw = (name: string, count: number) => normals(1, [name], count * 256);
  const noise = { shape: [3, ...picture], data: draw("noise", 3) };
  const labels = { shape: [3], data: Int32Array.of(0, 1, 2) };
  await writeFile(
    path("noise.safetensors"),
    writeSafetensors([
      ["noise", noise],
      ["labels", labels],
    ]),
  );
  const items = 6;
  const stages = Array.from({ length: STAGES }, (_, stage) => {
    const t = Int32Array.from({ length: items }, (_, item) => (stage === 0 ? 900 : 100) + item);
    return [
      [`stage${stage}.x`, { shape: [items, ...picture], data: draw(`x${stage}`, items) }],
      [`stage${stage}.t`, { shape: [items], data: t }],
      [`stage${stage}.y`, { shape: [items], data: t.map((value) => value % 5) }],
    ] as const;
  });
  await writeFile(path("calibration.safetensors"), writeSafetensors(stages.flat()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const model = () => ["--model", path("model.safetensors"), "--heads", "4", "--threads", "1"];
const sampleTo = (out: string, ...more: string[]) =>
  cli("sample", ...model(), "--noise", path("noise.safetensors"), "--steps", "4", "--out", path(out), ...more);
async function latents(name: string): Promise<Float32Array> {
  const entry = readSafetensors(await readFile(path(name))).tensors.get("latents");
  return toFloat32(entry as NonNullable<typeof entry>);
}

describe("calibrate, then sample", () => {
  test("level 0 is the dense model, other levels are not, and reversed order means reversed levels", async () => {
    const bank = ["--pruner", "obs", "--bank", path("bank")];
    const files = ["--calibration", path("calibration.safetensors"), "--stages", String(STAGES)];
    const made = await cli("calibrate", ...model(), ...files, ...bank);
    expect(made.stderr, made.stderr).not.toMatch(/error/i);
    expect(JSON.parse(made.stdout)).toMatchObject({ maxLevel: 4, reused: false });
    const again = await cli("calibrate", ...model(), ...files, ...bank);
    expect(JSON.parse(again.stdout)).toMatchObject({ reused: true });

    await sampleTo("dense");
    await sampleTo("zero", ...bank, "--levels", "0,0");
    await sampleTo("pruned", ...bank, "--levels", "1,3");
    await sampleTo("reversed", ...bank, "--levels", "3,1", "--reference-order");
    expect(await latents("zero")).toEqual(await latents("dense"));
    expect(await latents("reversed")).toEqual(await latents("pruned"));
    expect(await latents("pruned")).not.toEqual(await latents("dense"));
  }, 60_000);
});

describe("search", () => {
  const flags = ["--pruner", "layerdrop", "--stages", "2", "--target", "0.5", "--generations", "2", "--steps", "6"];
  const small = ["--items", "4", "--probes", "2", "--validation", "2", "--held-out", "2", "--searcher.offspring", "2"];
  const searchTo = (out: string, ...more: string[]) =>
    cli("search", ...model(), ...flags, ...small, "--out", path(out), ...more);

  test("writes the result and the authors' file in their order", async () => {
    const { code, stdout, stderr } = await searchTo("run");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^calibrate \d+ % +Calibrating/m);
    const printed = JSON.parse(stdout) as { levels: number[]; historyHash: string };
    const result = JSON.parse(await readFile(path("run/result.json"), "utf8")) as { historyHash: string };
    const authors = JSON.parse(await readFile(path("run/levels_per_stage.json"), "utf8")) as Record<string, number>;
    expect(result.historyHash).toBe(printed.historyHash);
    expect([authors["1"], authors["0"]]).toEqual(printed.levels);

    const other = await searchTo("run", "--seed", "1");
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/result\.json: is of a search with other settings .*--overwrite/);
    expect(JSON.parse(await readFile(path("run/result.json"), "utf8"))).toEqual(result);
    // What the model says of itself is the default, so naming it is the same run.
    const again = await searchTo("run", "--cfg", "2", "--metric", "latent-mse");
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ historyHash: printed.historyHash });
    const replaced = await searchTo("run", "--seed", "1", "--overwrite", "--metric.mode", "suffix");
    expect(replaced.code, replaced.stderr).toBe(0);
    expect(JSON.parse(await readFile(path("run/result.json"), "utf8"))).toMatchObject({
      request: { seed: 1, metric: { id: "latent-mse", options: { mode: "suffix" } } },
    });
  }, 120_000);

  test("goes on with a stored run: longer, forked, with a schedule made by hand", async () => {
    const first = await searchTo("stored", "--stages", "4");
    const { run, levels } = JSON.parse(first.stdout) as { run: string; levels: number[] };
    const stored = (out: string, ...more: string[]) =>
      cli("search", ...model(), "--bank", path("stored"), "--out", path(out), ...more);
    const result = async (out: string) =>
      JSON.parse(await readFile(path(`${out}/result.json`), "utf8")) as SearchResult;
    const before = await result("stored");

    const { maxLevel, division } = before.space;
    const hand = { format: "diff-es-schedule/1", order: "sampling", pruner: "layerdrop", maxLevel, division, levels };
    await writeFile(path("hand.json"), JSON.stringify({ ...hand, levels: [...levels].reverse() }));
    const longer = await stored("stored", "--resume", run, "--generations", "4", "--inject", path("hand.json"));
    expect(longer.code, longer.stderr).toBe(0);
    expect(JSON.parse(longer.stdout)).toMatchObject({ run });
    const after = await result("stored");
    expect(after.generations.slice(0, 2)).toEqual(before.generations);
    expect(after.generations.length).toBeGreaterThan(2);

    const fork = ["--fork", run, "--at", "1", "--seed", "5", "--searcher.offspring", "3"];
    const forked = await stored("forked", ...fork);
    expect(forked.code, forked.stderr).toBe(0);
    expect((await result("forked")).forks).toMatchObject([{ of: run, at: 1, seed: 5, options: { offspring: 3 } }]);
    const nobody = await stored("none", "--resume", "nobody");
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining(run) });
  }, 120_000);

  test("without sizes is the page's Quick, and its help says so", async () => {
    const { stdout } = await cli("search", "--help");
    const { values } = presets.quick;
    expect(stdout).toMatch(new RegExp(`--searcher .*\\[${USUAL_SEARCHER}\\]$`, "m"));
    for (const [name, value] of Object.entries(presetOptions("quick", USUAL_SEARCHER)))
      expect(stdout).toMatch(new RegExp(`--searcher\\.${name} integer .*${USUAL_SEARCHER}: [^()]*\\(${value}\\)`, "m"));
    expect(stdout).toMatch(new RegExp(`--probes K .*\\[${values.probes}\\]$`, "m"));
    expect(stdout).toMatch(new RegExp(`--validation K .*\\[${values.validation}\\]$`, "m"));
    expect(stdout).toMatch(new RegExp(`--held-out K .*\\[${values.heldOut}\\]$`, "m"));
    expect(stdout).toMatch(new RegExp(`--stages-per-factor K .*\\[${values.stagesPerFactor}\\]$`, "m"));
    expect(stdout).toMatch(new RegExp(`--items N .*\\[${values.calibrationItems}\\]$`, "m"));
    expect(stdout).toMatch(/--generations G +short for --searcher\.generations$/m);
    expect(stdout).toMatch(/--metric .*"0\.5 ssim \+ 0\.5 latent-cosine".*\[ssim with a decoder, else latent-mse\]$/m);
    expect(stdout).toMatch(/--metric\.mode final\|suffix\|full +final: [^()]*\(final\)$/m); // once, not for each metric
    expect(stdout).toMatch(/--metric\.scale bounded\|raw +latent-snr: /);
  }, 30_000);

  test("says in round numbers what a target and a number of steps allow", async () => {
    const target = await searchTo("none", "--target", "0.0123");
    expect(target).toMatchObject({ code: 1 });
    expect(target.stderr).toMatch(/a target sparsity of 0\.0123 is 0\.0\d of \d+ levels/);
    const stages = await searchTo("none", "--stages", "7");
    expect(stages).toMatchObject({ code: 1 });
    expect(stages.stderr).toMatch(/none of the 6 steps .* visit at most 6 of 7 stages/);
  }, 30_000);
});

test("several metrics are one choice, with the options of all", () => {
  const metric = "latent-snr at least 2, then 0.5 ssim + 0.5 fft";
  const given = ["--metric", metric, "--metric.scale", "raw", "--metric.mode", "full", "--metric.weights", "linear"];
  const flags = parseFlags(search.flags, ["--model", "m", "--out", "o", ...given]);
  expect(flags.choice(metrics)).toEqual({ id: metric, options: { scale: "raw", mode: "full", weights: "linear" } });
});

test("help lists an option's choices, and what each method makes of a flag that several share", async () => {
  const { stdout } = await cli("calibrate", "--help");
  expect(stdout).toMatch(/--pruner layerdrop\|obs\|wanda\|magnitude\|activation/);
  expect(stdout).toMatch(/--pruner\.variant columns\|paper\|official-compat wanda: .*magnitude: .*activation: /);
  expect(stdout).toMatch(/--pruner\.damping number +obs: /);
}, 30_000);

describe("wrong use", () => {
  test("an unknown flag or command is a usage error: exit code 2", async () => {
    expect((await cli("sample", "--nope")).code).toBe(2);
    const command = await cli("dance");
    expect(command).toMatchObject({ code: 2 });
    expect(command.stderr).toMatch(/there is no command "dance"/);
  });

  test.each([
    ["--pruner", "magic", /pruner "magic" does not exist; known: layerdrop, obs, wanda, magnitude, activation/],
    ["--metric", "topiq", /metric "topiq" does not exist; known: ssim, latent-mse/],
    ["--metric", "0.5 ssim + 0.5 topiq", /metric "topiq" does not exist/],
    ["--metric", "fft at most 0.5, then ssim", /of fft, higher is better; write "fft at least 0\.5"/],
    ["--metric.suffix", "2", /--metric\.suffix: 2 is not a number in \[0, 1\]/],
    ["--target", "50", /--target: 50 is not in 0 … 1/],
    ["--generations", "0", /--searcher\.generations: 0 is not an integer in \[1, 10000\]/],
    ["--generations", "many", /"many" is not an integer/],
    ["--pruner.damping", "lots", /--pruner\.damping: "lots" is not a number/],
    ["--held-out", "1", /--held-out: 1 is not at least 2/],
    ["--backend", "abacus", /--backend: "abacus" is not one of cpu, wasm, webgpu/],
  ])("a value that fits no model is a usage error: %s %s", (flag, value, message) => {
    // The rest of the line is right, but for a model that is not there: no file is read.
    const args = ["--model", path("none"), "--out", path("none"), flag, value];
    expect(() => parseFlags(search.flags, args)).toThrow(UsageError);
    expect(() => parseFlags(search.flags, args)).toThrow(message);
  });

  test.each([
    [["--resume", "a", "--fork", "b", "--at", "1"], /one of --resume and --fork/],
    [["--fork", "a"], /--fork and --at go together/],
    [["--resume", "a", "--at", "1"], /--fork and --at go together/],
    [["--inject", "a.json"], /--inject needs --resume or --fork/],
    [["--resume", "a", "--stages", "4"], /--stages: a stored run keeps its own/],
    [["--resume", "a", "--seed", "0"], /--seed: a stored run keeps its own/],
    [["--fork", "a", "--at", "1", "--metric", "ssim"], /--metric: a stored run keeps its own/],
  ])("a stored run and what does not go with it are a usage error: %o", (given, message) => {
    const check = () => checkStoredRun(parseFlags(search.flags, ["--model", "m", "--out", "o", ...given]));
    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });

  test("both names of one flag are a usage error", () => {
    const args = ["--model", "m", "--out", "o", "--generations", "2", "--searcher.generations", "3"];
    expect(() => parseFlags(search.flags, args)).toThrow(/--generations and --searcher\.generations are the same/);
  });

  test("an unknown method is exit code 2, before the missing model is noticed", async () => {
    const pruner = await cli("search", "--model", path("none"), "--pruner", "magic", "--out", path("none"));
    expect(pruner).toMatchObject({ code: 2 });
  }, 30_000);

  test("a missing file, too many levels or a device that cannot is exit code 1 with one clear line", async () => {
    const missing = await cli("sample", "--model", path("none.safetensors"), "--noise", "x", "--out", "y");
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toMatch(/missing-data: .*none\.safetensors: there is no such file; --model takes a folder/);
    const folder = await cli("search", "--model", path("none"), "--out", path("none"));
    expect(folder).toMatchObject({ code: 1 });
    expect(folder.stderr).toMatch(/none.manifest\.json: there is no such file; --model takes a folder with manifest/);
    const levels = await sampleTo("x", "--pruner", "obs", "--bank", path("bank"), "--levels", "1,2,3");
    expect(levels).toMatchObject({ code: 1 });
    expect(levels.stderr).toMatch(/0 banks fit.*3 stages/);
    const threads = await sampleTo("x", "--backend", "wasm", "--threads", "2");
    expect(threads.stderr).toMatch(/unsupported-device: WASM has 1 thread in Node, not 2/);
  }, 30_000);
});
