// sample: pictures as latents, dense or pruned by a schedule, from given noise.

import { writeFile } from "node:fs/promises";
import { StudioError } from "../../core/errors.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { RoutedSchedule } from "../../engine/api.ts";
import { readSafetensors, toFloat32, toInt32, writeSafetensors } from "../../formats/safetensors.ts";
import { readModelFile } from "../environment.ts";
import { integerIn } from "../flags.ts";
import { type BankSchedule, readSchedule, scheduleFlags } from "../schedule-flags.ts";
import { withModel } from "../with-model.ts";
import { type Command, guidanceFlag, guidanceOf, modelFlags, reporter, samplerFlags, samplerOf } from "./command.ts";

export const sample: Command = {
  help: "sample latents from given noise, dense or pruned by a schedule",
  flags: {
    ...modelFlags,
    noise: { value: "FILE", required: true, help: "safetensors: noise [K,C,h,w] F32, labels [K] I64 or I32" },
    steps: { value: "N", default: "20", help: "sampling steps", check: integerIn(1) },
    ...guidanceFlag,
    ...samplerFlags,
    ...scheduleFlags,
    out: { value: "FILE", required: true, help: "safetensors: latents [K,C,h,w], labels [K]" },
  },
  async run(flags, context) {
    return withModel(flags, flags.optional("bank") ?? ".", context, async ({ engine, storage, card }) => {
      const { noise, labels } = await readNoise(flags.text("noise"));
      const schedule = flags.has("levels") ? routed(await readSchedule(flags, storage, card)) : undefined;
      const report = reporter(context);
      const grid = await engine.sample(
        {
          schedule,
          steps: flags.integer("steps"),
          guidance: guidanceOf(flags, card),
          sampler: samplerOf(flags, card),
          labels: [...labels],
          seed: 0,
          noise,
        },
        (event) => event.type === "progress" && report(event),
        context.signal,
      );
      const out = flags.text("out");
      await writeFile(
        out,
        writeSafetensors([
          ["latents", grid.latents],
          ["labels", { shape: [labels.length], data: labels }],
        ]),
      );
      return { out, latents: grid.latents.shape, cost: grid.cost, device: (await engine.status()).device };
    });
  },
};

function routed({ bank, division, levels }: BankSchedule): RoutedSchedule {
  return { division, levels, bank: bank.id };
}

async function readNoise(path: string): Promise<{ readonly noise: Tensor; readonly labels: Int32Array }> {
  const { tensors } = readSafetensors(await readModelFile(path));
  const noise = tensors.get("noise");
  const labels = tensors.get("labels");
  if (!noise || !labels) throw new StudioError("missing-data", `${path}: needs the tensors "noise" and "labels"`);
  return { noise: { shape: noise.shape, data: toFloat32(noise) }, labels: toInt32(labels) };
}
