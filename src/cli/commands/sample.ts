// sample: pictures as latents, dense or pruned by a schedule, from given noise.

import { writeFile } from "node:fs/promises";
import { StudioError } from "../../core/errors.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { RoutedSchedule } from "../../engine/api.ts";
import { listBanks } from "../../engine/bank.ts";
import { readSafetensors, toFloat32, toInt32, writeSafetensors } from "../../formats/safetensors.ts";
import { pruners } from "../../pruners/index.ts";
import { samplers } from "../../samplers/index.ts";
import { openEngine, readModelFile } from "../environment.ts";
import { integerIn, type ParsedFlags, shelfFlags, UsageError } from "../flags.ts";
import {
  backendOf,
  type Command,
  guidanceFlag,
  guidanceOf,
  modelFlags,
  modelSource,
  ordered,
  orderFlag,
  reporter,
  threadsOf,
} from "./command.ts";

export const sample: Command = {
  help: "sample latents from given noise, dense or pruned by a schedule",
  flags: {
    ...modelFlags,
    noise: { value: "FILE", required: true, help: "safetensors: noise [K,C,h,w] F32, labels [K] I64 or I32" },
    steps: { value: "N", default: "20", help: "sampling steps", check: integerIn(1) },
    ...guidanceFlag,
    ...shelfFlags(samplers, "ddim", "solver"),
    ...shelfFlags(pruners, undefined, "method of the bank"),
    bank: { value: "DIR", help: "folder that `calibrate` filled" },
    levels: { value: "a,b,…", help: "one level per stage, sampling order" },
    ...orderFlag,
    out: { value: "FILE", required: true, help: "safetensors: latents [K,C,h,w]" },
  },
  async run(flags, context) {
    const source = await modelSource(flags);
    const { noise, labels } = await readNoise(flags.text("noise"));
    const { engine, storage } = await openEngine(backendOf(flags), flags.optional("bank") ?? ".", threadsOf(flags));
    try {
      const card = await engine.load({ source }, () => {}, context.signal);
      const schedule = flags.has("levels") ? await findSchedule(flags, card.id) : undefined;
      const grid = await engine.sample(
        {
          schedule,
          steps: flags.integer("steps"),
          guidance: guidanceOf(flags, card),
          sampler: flags.choice(samplers),
          labels: [...labels],
          seed: 0,
          noise,
        },
        reporter(context),
        context.signal,
      );
      const out = flags.text("out");
      await writeFile(out, writeSafetensors([["latents", grid.latents]]));
      return { out, latents: grid.latents.shape, cost: grid.cost, device: (await engine.status()).device };
    } finally {
      await engine.close();
    }

    async function findSchedule(given: ParsedFlags, model: string): Promise<RoutedSchedule> {
      const levels = ordered(given, given.integers("levels"));
      if (!given.has("bank") || !given.has("pruner")) throw new UsageError("--levels needs --bank and --pruner");
      const pruner = given.text("pruner");
      const all = await listBanks(storage);
      const fits = all.filter(({ recipe }) => recipe.model === model && recipe.pruner.id === pruner);
      const found = fits.filter(({ recipe }) => recipe.division.length === levels.length);
      const [bank] = found;
      if (!bank || found.length > 1)
        throw new StudioError(
          "missing-data",
          `${given.text("bank")}: ${found.length} banks fit this model, ${pruner} and ${levels.length} stages (it has ${all.length}); give a folder with exactly one`,
        );
      return { division: bank.recipe.division, levels, bank: bank.id };
    }
  },
};

async function readNoise(path: string): Promise<{ readonly noise: Tensor; readonly labels: Int32Array }> {
  const { tensors } = readSafetensors(await readModelFile(path));
  const noise = tensors.get("noise");
  const labels = tensors.get("labels");
  if (!noise || !labels) throw new StudioError("missing-data", `${path}: needs the tensors "noise" and "labels"`);
  return { noise: { shape: noise.shape, data: toFloat32(noise) }, labels: toInt32(labels) };
}
