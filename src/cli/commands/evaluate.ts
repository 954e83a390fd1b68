// evaluate: what a set of pictures is worth as a whole, against real ones: FID and its kin by the features of the model's
// classifier, or of a network that the user brings.

import { writeFile } from "node:fs/promises";
import { StudioError } from "../../core/errors.ts";
import type { Tensor } from "../../core/tensor.ts";
import { loadModel } from "../../engine/load.ts";
import { classifierOf, readings, STATISTICS } from "../../engine/readings.ts";
import { reportScores } from "../../engine/report-scores.ts";
import { writeStatistics } from "../../engine/statistics-file.ts";
import { openRuntime, readModelFile } from "../environment.ts";
import { evaluateRun } from "../evaluate-run.ts";
import { finishedRunFlags } from "../finished-run.ts";
import { integerIn, type ParsedFlags, UsageError } from "../flags.ts";
import { type Looker, latentsIn, lookAt, networkIn } from "../pictures/look.ts";
import { shippedStatistics } from "../pictures/shipped-statistics.ts";
import { backendOf, type Command, modelFlags, modelSource, threadsOf } from "./command.ts";

export const evaluate: Command = {
  help: "judge a set of pictures as a whole: FID, KID, Inception Score, precision, recall, class accuracy",
  flags: {
    ...modelFlags,
    pictures: {
      value: "DIR|FILE.npz|FILE.safetensors",
      help: "PNG and JPEG files, DIR/CLASS/… by class; ADM's arr_0; or latents from sample, with their labels",
    },
    reference: {
      value: "DIR|FILE.npz|FILE.safetensors",
      help: `the real ones, or what --save made of them [the model's ${STATISTICS}]`,
    },
    dense: {
      value: "FILE.safetensors",
      help: "latents that the dense model made of the same noise: then SSIM and its kin are told too, of latents",
    },
    features: {
      value: "FILE.safetensors",
      help: "a network in place of the model's classifier: the state dict of FID's Inception-v3, as pytorch-fid names it",
    },
    keep: { value: "N", default: "10000", help: "features kept for KID, precision and recall", check: integerIn(0) },
    save: { value: "FILE", help: "safetensors: the statistics of these pictures, for --reference" },
    ...finishedRunFlags,
    count: { value: "N", default: "1000", help: "with --run: pictures of each of its schedules", check: integerIn(2) },
  },
  async run(flags, context) {
    if (flags.has("run") === flags.has("pictures")) throw new UsageError("give one of --pictures and --run");
    if (flags.has("run")) return evaluateRun(flags, context);
    const { report } = context;
    const model = await loadModel(await modelSource(flags), readModelFile, () => {});
    const network = flags.has("features") ? await networkIn(flags.text("features"), model) : classifierOf(model);
    const runtime = await openRuntime(backendOf(flags), threadsOf(flags));
    const looker = { runtime, model, network, keep: flags.integer("keep") };
    try {
      report(`Looking at ${flags.text("pictures")}`);
      const set = await lookAt(flags.text("pictures"), looker);
      const reference = await referenceOf(flags);
      if (reference !== undefined) report(`Comparing with ${reference}`);
      const metrics = readings(set, reference === undefined ? undefined : await lookAt(reference, looker));
      const means = flags.has("dense") ? await pairwise(flags, looker) : undefined;
      if (flags.has("save")) await writeFile(flags.text("save"), writeStatistics(set, network));
      return {
        pictures: set.gaussian.count,
        network: network.label,
        reference,
        metrics,
        means,
        device: runtime.device,
      };
    } finally {
      await runtime.close();
    }
  },
};

/** What was given, or what the model brings, which its classifier saw. */
async function referenceOf(flags: ParsedFlags): Promise<string | undefined> {
  if (flags.has("reference")) return flags.text("reference");
  if (flags.has("features")) return undefined;
  return shippedStatistics(flags.text("model"));
}

/** Of each picture against the dense model's, on average. @throws missing-data naming the file that has no latents */
async function pairwise(flags: ParsedFlags, { runtime, model }: Looker): Promise<Record<string, number>> {
  const [own, dense] = await Promise.all(
    ["pictures", "dense"].map(async (flag) => {
      const path = flags.text(flag);
      const latents = path.endsWith(".safetensors") ? latentsIn(await readModelFile(path)) : undefined;
      if (latents) return latents;
      throw new StudioError("missing-data", `${path}: has no latents to compare; give what sample wrote`);
    }),
  );
  return reportScores(runtime, model, own as Tensor, dense as Tensor);
}
