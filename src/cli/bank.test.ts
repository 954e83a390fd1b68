// `bank` as a user meets it: a folder is calibrated, listed, exported, imported elsewhere and emptied.

import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BankCard, CalibrateResult } from "../engine/api.ts";
import { tinyDitFile } from "../testing/tiny-dit.ts";
import { bank } from "./commands/bank.ts";
import { calibrate } from "./commands/calibrate.ts";
import type { Command } from "./commands/command.ts";
import { search } from "./commands/search.ts";
import { parseFlags, UsageError } from "./flags.ts";

let folder: string;
let made: CalibrateResult;
const path = (name: string) => join(folder, name);
const model = (name = "model") => ["--model", path(`${name}.safetensors`), "--heads", "4"];
const lines: string[] = [];
const run = (command: Command, ...args: string[]) =>
  command.run(parseFlags(command.flags, args), {
    signal: new AbortController().signal,
    report: (line) => void lines.push(line),
  });
/** As main.ts puts the subject first. */
const banks = (action: string, ...args: string[]) => run(bank, `--${bank.subject}`, action, ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-bank-"));
  await writeFile(path("model.safetensors"), tinyDitFile());
  await writeFile(path("other.safetensors"), tinyDitFile({ seed: 2 }));
  const flags = ["--stages", "2", "--items", "4", "--threads", "1", "--storage", "f16", "--bank", path("banks")];
  made = (await run(calibrate, ...model(), ...flags)) as CalibrateResult;
}, 30_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("bank", () => {
  test("calibrate says what half precision costs, and list repeats it", async () => {
    expect(made).toMatchObject({ storage: "f16", whole: true, storageError: { wide: 0 } });
    const { reused, elapsed, ...card } = made;
    expect(await banks("list", "--bank", path("banks"))).toEqual([card]);
    expect(await banks("list", "--bank", path("empty"))).toEqual([]);
  });

  test("a search takes half precision too, and says what it costs", async () => {
    const sizes = ["--stages", "2", "--steps", "4", "--probes", "1", "--validation", "0", "--held-out", "2"];
    const small = ["--generations", "1", "--searcher.offspring", "1", "--searcher.survivors", "1", "--items", "4"];
    const flags = [...sizes, ...small, "--threads", "1", "--bank", path("searched")];
    const searching = (...more: string[]) => run(search, ...model(), ...flags, ...more);
    const half = await searching("--storage", "f16", "--out", path("half"));
    expect(half).toMatchObject({ storageError: { wide: 0, max: expect.any(Number) } });
    expect(await searching("--out", path("single"))).toMatchObject({ storageError: undefined });
    const cards = (await banks("list", "--bank", path("searched"))) as BankCard[];
    expect(cards.map(({ storage }) => storage).sort()).toEqual(["f16", "f16", "f32", "f32"]);
  });

  test("export and import carry a bank to another folder, file by file the same", async () => {
    const out = ["--out", path("files")];
    const files = ["stage-0.safetensors", "stage-1.safetensors", "bank.json"];
    expect(await banks("export", "--bank", path("banks"), ...out)).toMatchObject({ id: made.id, files });
    expect((await readdir(path("files"))).sort()).toEqual([...files].sort());
    await expect(banks("export", "--bank", path("banks"), ...out)).rejects.toThrow(
      /has bank\.json already; .*--overwrite/,
    );
    await banks("export", "--bank", path("banks"), "--id", made.id, "--overwrite", ...out);

    const from = ["--from", path("files"), "--bank", path("copy")];
    expect(await banks("import", ...from, ...model())).toMatchObject({ id: made.id, bytes: made.bytes, whole: true });
    const stored = async (name: string) => {
      const found = await readdir(path(name), { recursive: true, withFileTypes: true });
      const list = found.filter((entry) => entry.isFile()).map(({ parentPath, name: file }) => join(parentPath, file));
      return Promise.all(list.sort().map(async (file) => [file.slice(path(name).length), await readFile(file)]));
    };
    expect(await stored("copy")).toEqual(await stored("banks"));
  });

  test("import refuses the bank of another model and a file that was cut, and stores nothing", async () => {
    await banks("export", "--bank", path("banks"), "--out", path("cut"));
    const from = ["--from", path("cut"), "--bank", path("refused")];
    await expect(banks("import", ...from, ...model("other"))).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining(`is of model ${made.model}, the loaded one is `),
    });
    await truncate(path("cut/stage-1.safetensors"), 500);
    await expect(banks("import", ...from, ...model())).rejects.toThrow(/stage-1\.safetensors: has 500 bytes/);
    await expect(banks("import", ...model(), "--bank", path("refused"), "--from", path("nowhere"))).rejects.toThrow(
      /nowhere: is no folder that can be read/,
    );
    expect(await banks("list", "--bank", path("refused"))).toEqual([]);
  });

  test("remove takes the named bank away, and only that", async () => {
    const flags = ["--stages", "3", "--pruner", "layerdrop", "--items", "4", "--threads", "1", "--bank", path("two")];
    const drop = (await run(calibrate, ...model(), ...flags)) as CalibrateResult;
    await banks("import", ...model(), "--from", path("files"), "--bank", path("two"));
    const two = ["--bank", path("two")];
    await expect(banks("export", ...two, "--out", path("x"))).rejects.toThrow(
      /one bank was expected; name one with --id/,
    );
    await expect(banks("remove", ...two)).rejects.toThrow(UsageError);
    await expect(banks("remove", ...two, "--id", "none")).rejects.toThrow(/there is no bank none/);
    expect(await banks("remove", ...two, "--id", made.id)).toEqual({ removed: made.id });
    expect(((await banks("list", ...two)) as BankCard[]).map(({ id }) => id)).toEqual([drop.id]);
  });

  test("an action that there is not is wrong use", () => {
    expect(() => parseFlags(bank.flags, ["--action", "dance", "--bank", "x"])).toThrow(UsageError);
  });
});
