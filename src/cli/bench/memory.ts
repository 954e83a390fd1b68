// How much memory does a schedule need at its peak: one shared model with routed weights, or a pruned model per stage?
// Each way runs in a process of its own, which says how far it grew beyond its opened runtime.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { StudioError } from "../../core/errors.ts";
import { uniformDivision } from "../../core/schedule.ts";
import { backendOf } from "../commands/command.ts";
import type { EngineBench } from "./bench.ts";
import { round3 } from "./measure.ts";
import type { MemoryTask } from "./memory-child.ts";

const STAGES = [3, 5, 10, 20] as const;
const PICTURES = 4;
const MEGABYTE = 1e6;

export const memory: EngineBench = {
  help: "peak memory of a half pruned schedule, routed and stitched, 3 to 20 stages",
  async run({ engine, card, flags, folder, source }, { signal, report }) {
    if (source.kind !== "bundle") throw new StudioError("invalid-input", "bench memory: --model must be a folder");
    const level = Math.round(card.spec.heads / 2);
    const task = { backend: backendOf(flags), model: source.base, folder, level, pictures: PICTURES };
    const peak = async (way: MemoryTask["way"], bank: string) => {
      signal.throwIfAborted();
      const child = join(import.meta.dirname, "memory-child.ts");
      const args = [
        "--expose-gc",
        "--import",
        "tsx",
        child,
        JSON.stringify({ ...task, way, bank } satisfies MemoryTask),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
      return (JSON.parse(stdout) as { peakBytes: number }).peakBytes;
    };
    const rows = [];
    for (const stages of STAGES) {
      report(`${stages} stages`);
      const division = uniformDivision(stages, card.timesteps);
      const { id } = await engine.calibrate({ pruner: { id: "obs" }, division, items: 8, seed: 0 }, () => {}, signal);
      const megabytes = async (way: MemoryTask["way"]) => round3((await peak(way, id)) / MEGABYTE);
      const [dense, routed, stitched] = [
        await megabytes("dense"),
        await megabytes("routed"),
        await megabytes("stitched"),
      ];
      rows.push({ stages, level, pictures: PICTURES, dense, routed, stitched, ratio: round3(routed / stitched) });
    }
    return { unit: "MB", rows };
  },
};
