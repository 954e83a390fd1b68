// How much memory does a schedule need at its peak: one shared model with routed weights, or a pruned model per stage?
// Routed is measured twice: with room for the stage that runs and the one that is read ahead, and with the room that it
// has by default, where stages stay. Each way runs in a process of its own, which says how far it grew beyond its opened
// runtime.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { StudioError } from "../../core/errors.ts";
import { uniformDivision } from "../../core/schedule.ts";
import type { Bytes } from "../../core/tensor.ts";
import { ROUTING_BYTES } from "../../engine/router.ts";
import { backendOf } from "../commands/command.ts";
import type { EngineBench } from "./bench.ts";
import { round3 } from "./measure.ts";
import type { MemoryTask, Peak } from "./memory-child.ts";

const STAGES = [3, 5, 10, 20] as const;
const PICTURES = 4;
const MEGABYTE = 1e6;

export const memory: EngineBench = {
  help: "peak memory of a half pruned schedule, routed and stitched, 3 to 20 stages",
  async run({ engine, card, flags, folder, source }, { signal, report }) {
    if (source.kind !== "bundle") throw new StudioError("invalid-input", "bench memory: --model must be a folder");
    const level = Math.round(card.spec.heads / 2);
    const task = { backend: backendOf(flags), model: source.base, folder, level, pictures: PICTURES };
    const peak = async (way: MemoryTask["way"], bank: string, routingBytes: Bytes) => {
      signal.throwIfAborted();
      const child = join(import.meta.dirname, "memory-child.ts");
      const order = JSON.stringify({ ...task, way, bank, routingBytes } satisfies MemoryTask);
      const args = ["--expose-gc", "--import", "tsx", child, order];
      const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
      const { allocated, resident } = JSON.parse(stdout) as Peak;
      return { allocated: allocated && round3(allocated / MEGABYTE), resident: round3(resident / MEGABYTE) };
    };
    const rows = [];
    for (const stages of STAGES) {
      report(`${stages} stages`);
      const division = uniformDivision(stages, card.timesteps);
      const { id } = await engine.calibrate({ pruner: { id: "obs" }, division, items: 8, seed: 0 }, () => {}, signal);
      const dense = await peak("dense", id, 0);
      const routed = await peak("routed", id, 0);
      const kept = await peak("routed", id, ROUTING_BYTES);
      const stitched = await peak("stitched", id, 0);
      const ratio = round3((routed.allocated ?? routed.resident) / (stitched.allocated ?? stitched.resident));
      rows.push({ stages, level, pictures: PICTURES, dense, routed, kept, stitched, ratio });
    }
    return { unit: "MB", rows };
  },
};
