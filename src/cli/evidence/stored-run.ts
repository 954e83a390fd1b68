// The run that a first visit sees before any model runs: a Quick search of the demo model with the pictures of its
// schedules, made here and shown as stored.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUN_FORMAT } from "../../formats/run-file.ts";
import { presetRequest } from "../bench/preset-request.ts";
import type { Context } from "../commands/command.ts";
import { openEngine } from "../environment.ts";
import { encodeSheet } from "../pictures/encode.ts";

export const STORED_RUN = join("public", "stored-run");
const MODEL = `${join("public", "models", "tiny-worlds")}/`;

/** `run.json`, and `pictures.png` with a row for each of its comparisons: a picture of every class. */
export async function writeStoredRun({ report, signal }: Context): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "diff-es-stored-"));
  const { engine } = await openEngine("cpu", folder, 1);
  try {
    const card = await engine.load({ source: { kind: "bundle", base: MODEL } }, () => {}, signal);
    const request = presetRequest("quick", card);
    const result = await engine.search(
      request,
      (event) => event.type === "generation" && report(`stored run: generation ${event.generation}`),
      signal,
    );
    const { steps, guidance, sampler, seed } = request;
    const labels = card.classes.map((_, label) => label);
    const rows = [];
    let side = 0;
    for (const { schedule } of result.comparisons) {
      const grid = await engine.sample({ schedule, steps, guidance, sampler, seed, labels }, () => {}, signal);
      rows.push(grid.pixels);
      side = grid.side;
    }
    await mkdir(STORED_RUN, { recursive: true });
    const run = { format: RUN_FORMAT, order: "sampling", ...result };
    await writeFile(join(STORED_RUN, "run.json"), `${JSON.stringify(run)}\n`);
    await writeFile(join(STORED_RUN, "pictures.png"), encodeSheet(rows, side));
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
