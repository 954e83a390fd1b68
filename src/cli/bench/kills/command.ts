// The search as a command of its own, looked at from outside: what it made are the records in its folder that were not
// there when it began, or have been written anew since.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Milliseconds } from "../../../core/tensor.ts";
import type { SearchResult } from "../../../engine/api.ts";
import { RESULT } from "../../commands/command.ts";
import type { Attempt } from "./lives.ts";
import { ProcessGroup } from "./process-group.ts";

/** How often the folder is looked at. */
const PAUSE: Milliseconds = 50;

/** When it was written, and in which file: a record that is written again is in another one. */
interface Written {
  readonly at: Milliseconds;
  readonly file: string;
}

/** @param folder of banks, runs and the result. @param args of `search`, without its folder */
export async function searchCommand(folder: string, args: readonly string[], signal: AbortSignal): Promise<Attempt> {
  const before = await recordsIn(folder);
  const begun = Date.now();
  const main = join(import.meta.dirname, "../../main.ts");
  const group = new ProcessGroup(
    process.execPath,
    ["--import", "tsx", main, "search", ...args, "--out", folder],
    signal,
  );
  let running = true;
  const ended = group.ended
    .finally(() => {
      running = false;
    })
    .then(() => (group.killed ? undefined : resultIn(folder)));

  const made = async () =>
    [...(await recordsIn(folder))]
      .filter(([address, { file }]) => before.get(address)?.file !== file)
      .map(([address, { at }]) => ({ address, seconds: (at - begun) / 1000 }))
      .sort((a, b) => a.seconds - b.seconds);

  return {
    async reached(evaluations) {
      while (running && (await made()).length < evaluations) await setTimeout(PAUSE);
    },
    ended,
    kill: () => group.kill(),
    async account() {
      const now = await recordsIn(folder);
      const lost = [...before.keys()].filter((address) => !now.has(address)).length;
      return { phase: phaseOf(group.stderr), made: await made(), before: before.size, lost };
    },
  };
}

async function recordsIn(folder: string): Promise<ReadonlyMap<string, Written>> {
  const evaluations = join(folder, "evaluations");
  const names = await readdir(evaluations).catch(() => []);
  const records = names.map(async (name): Promise<[string, Written]> => {
    const { ino, mtimeMs } = await stat(join(evaluations, name));
    return [name, { at: mtimeMs, file: `${ino} ${mtimeMs}` }];
  });
  return new Map(await Promise.all(records));
}

async function resultIn(folder: string): Promise<SearchResult> {
  return JSON.parse(await readFile(join(folder, RESULT), "utf8"));
}

/** Progress is told as "search 45 %". */
function phaseOf(stderr: string): string {
  return [...stderr.matchAll(/^(\S+) +\d+ %/gm)].at(-1)?.[1] ?? "start";
}
