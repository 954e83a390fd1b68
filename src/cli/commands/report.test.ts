// A report's promise: the command in it makes the run again.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../../testing/run-cli.ts";
import { tinyDitFile } from "../../testing/tiny-dit.ts";

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-report-"));
  await writeFile(path("model.safetensors"), tinyDitFile());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const model = () => ["--model", path("model.safetensors"), "--heads", "4"];
async function run(...words: string[]) {
  const { code, stdout, stderr } = await cli(...words);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** Five processes, each of which starts a device. */
const PATIENCE = 120_000;

test("the command in a report makes a run of the same history", { timeout: PATIENCE }, async () => {
  const sizes = ["--generations", "2", "--steps", "4", "--items", "2", "--probes", "2", "--validation", "0"];
  const asked = ["--pruner", "layerdrop", "--stages", "2", "--held-out", "2", "--seed", "5", "--backend", "wasm"];
  const found = await run("search", ...model(), ...asked, ...sizes, "--out", path("first"));
  const page = "https://example.org/studio/";
  const written = await run("report", path("first"), ...model(), "--page", page, "--out", path("first.html"));
  expect(written).toMatchObject({ run: found.run });
  const html = await readFile(path("first.html"), "utf8");
  expect(html).toContain(found.historyHash);
  expect(html).toMatch(/href="https:\/\/example\.org\/studio\/#\S*seed=5/);
  expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(4 * 5); // schedules x classes

  const [, command = ""] = /<pre>npm run -s cli -- (.*?)<\/pre>/s.exec(html) ?? [];
  const words = command.replaceAll("\\\n", " ").trim().split(/\s+/);
  const again = await run(...words.slice(0, -1), path("again"));
  expect(again).toMatchObject({ historyHash: found.historyHash, run: found.run });
});

test("a run that is not there, or is of another model, is named", { timeout: PATIENCE }, async () => {
  const to = ["--out", path("x.html")];
  const nowhere = await cli("report", path("nowhere"), ...model(), ...to);
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/nowhere.*result\.json: there is no such/) });
  const unknown = await cli("report", "abc", "--bank", path("first"), ...model(), ...to);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("has no finished run abc") });
  const other = ["--model", path("model.safetensors"), "--heads", "2"];
  const wrong = await cli("report", path("first"), ...other, ...to);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("not on this one; give that by --model") });
});
