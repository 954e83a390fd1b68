import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeWhole } from "./whole-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-whole-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("whoever reads while it is written sees the old text or the new one", async () => {
  const path = join(folder, "result.json");
  const [before, after] = ["a", "b"].map((letter) => letter.repeat(8 * 2 ** 20)) as [string, string];
  await writeWhole(path, before);
  let writing = true;
  const written = writeWhole(path, after).finally(() => {
    writing = false;
  });
  let readings = 0;
  for (; writing; readings++) expect([before, after].includes(await readFile(path, "utf8"))).toBe(true);
  await written;
  expect(readings).toBeGreaterThan(1);
  expect(await readFile(path, "utf8")).toBe(after);
  expect(await readdir(folder)).toEqual(["result.json"]);
});
