import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { storageContract } from "../testing/storage-contract.ts";
import { aWhile, hold, never, turnsContract } from "../testing/turns-contract.ts";
import { openFolder } from "./fs.ts";

const folders: string[] = [];
const emptyFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), "diff-es-"));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storageContract("folder", async () => openFolder(await emptyFolder()));

/** As a put that was killed leaves it: a process id that cannot exist. */
const interrupted = async (folder: string, committed: boolean) => {
  const aside = join(folder, ".pending", "99999999-x");
  await mkdir(aside);
  await writeFile(join(aside, "0"), "a2");
  await writeFile(join(aside, "1"), "b2");
  if (committed) await writeFile(join(aside, "commit.json"), JSON.stringify(["runs/a.bin", "runs/b.bin"]));
};
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const both = async (folder: string) => {
  const storage = await openFolder(folder);
  return [text(await storage.get(["runs", "a"])), text(await storage.get(["runs", "b"]))];
};

test.each([
  [true, ["a2", "b2"]],
  [false, ["a1", "b1"]],
])("an interrupted put is finished exactly when it was committed: %s", async (committed, expected) => {
  const folder = await emptyFolder();
  const storage = await openFolder(folder);
  await storage.put([
    [["runs", "a"], Buffer.from("a1")],
    [["runs", "b"], Buffer.from("b1")],
  ]);
  await interrupted(folder, committed);
  expect(await both(folder)).toEqual(expected);
  expect(await readdir(join(folder, ".pending"))).toEqual([]);
});

/** Writes [i, i] for i = 0, 1, … and says i once it is stored. */
const WRITER = `
  import { openFolder } from "./src/storage/fs.ts";
  const storage = await openFolder(process.argv[1]);
  for (let i = 0; ; i++) {
    await storage.put([[["runs", "a"], Buffer.from(String(i))], [["runs", "b"], Buffer.from(String(i))]]);
    process.stdout.write(i + "\\n");
  }`;
/** Holds a lock for as long as it lives. */
const HOLDER = `
  import { openFolder } from "./src/storage/fs.ts";
  const storage = await openFolder(process.argv[1]);
  await storage.exclusive("bank", () => {
    process.stdout.write("held\\n");
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  }, new AbortController().signal, () => {});`;
const start = (script: string, folder: string) => {
  const arguments_ = ["--import", "tsx", "--input-type=module", "--eval", script, folder];
  return spawn(process.execPath, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
};
const said = (child: ChildProcess, wanted: number | string) =>
  new Promise<void>((resolve) =>
    child.stdout?.on("data", (data) => String(data).split("\n").includes(String(wanted)) && resolve()),
  );

test("a kill at any moment leaves a whole put, none older than the last that was answered", async () => {
  for (const wanted of [1, 4, 7]) {
    const folder = await emptyFolder();
    const child = start(WRITER, folder);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    await said(child, wanted);
    child.kill("SIGKILL");
    await ended;
    const [a, b] = await both(folder);
    expect(a).toBe(b);
    expect(Number(a)).toBeGreaterThanOrEqual(wanted);
  }
}, 20_000);

test("says which folder cannot be used", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "file"), "");
  await expect(openFolder(join(folder, "file"))).rejects.toMatchObject({ code: "invalid-input" });
});

describe("two storages on one folder", () => {
  turnsContract(async () => {
    const folder = await emptyFolder();
    const [one, other] = [await openFolder(folder), await openFolder(folder)];
    let calls = 0;
    return (...given) => (calls++ % 2 === 0 ? one : other).exclusive(...given);
  });
});

describe("a lock", () => {
  test("leaves nothing behind, is no value, and is not removed with the values", async () => {
    const folder = await emptyFolder();
    const storage = await openFolder(folder);
    const release = await hold(storage.exclusive, "bank a/b");
    expect(await storage.list([])).toEqual([]);
    await storage.remove([]);
    const waited: string[] = [];
    const second = storage.exclusive(
      "bank a/b",
      async () => {},
      never(),
      () => waited.push("second"),
    );
    await aWhile();
    expect(waited).toEqual(["second"]);
    await release();
    await second;
    expect(await readdir(join(folder, ".locks"))).toEqual([]);
    expect(await readdir(join(folder, ".pending"))).toEqual([]);
  });

  test("of a process that was killed is taken over", async () => {
    const folder = await emptyFolder();
    const child = start(HOLDER, folder);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    await said(child, "held");
    const storage = await openFolder(folder);
    const log: string[] = [];
    const second = storage.exclusive(
      "bank",
      async () => log.push("second"),
      never(),
      () => log.push("waits"),
    );
    await aWhile();
    expect(log).toEqual(["waits"]);
    child.kill("SIGKILL");
    await ended;
    await second;
    expect(log).toEqual(["waits", "second"]);
    expect(await readdir(join(folder, ".locks"))).toEqual([]);
  }, 20_000);
});
