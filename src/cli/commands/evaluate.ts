// evaluate: what a set of pictures is worth as a whole, against real ones: FID and its kin by the features of the model's
// classifier.

import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import { decodedBatches } from "../../engine/decoded.ts";
import { describePictures } from "../../engine/describe.ts";
import { type LoadedModel, loadModel } from "../../engine/load.ts";
import { momentsOf, readStatistics, writeStatistics } from "../../engine/statistics-file.ts";
import { readNpz } from "../../formats/npz.ts";
import { readSafetensors, toFloat32, toInt32 } from "../../formats/safetensors.ts";
import { distributions } from "../../metrics/distribution/index.ts";
import type { FeatureStatistics } from "../../metrics/parts/feature-statistics.ts";
import { type FeatureNetwork, featureNetwork } from "../../models/feature-network.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { openRuntime, readModelFile } from "../environment.ts";
import { integerIn } from "../flags.ts";
import { folderBatches, npzBatches } from "../pictures/batches.ts";
import { backendOf, type Command, modelFlags, modelSource, threadsOf } from "./command.ts";

/** Beside a model's weights: statistics of the pictures that it was trained to make more of. */
const STATISTICS = "statistics.safetensors";

export const evaluate: Command = {
  help: "judge a set of pictures as a whole: FID, KID, Inception Score, precision, recall, class accuracy",
  flags: {
    ...modelFlags,
    pictures: {
      value: "DIR|FILE.npz|FILE.safetensors",
      required: true,
      help: "PNG and JPEG files, DIR/CLASS/… by class; ADM's arr_0; or latents from sample, with their labels",
    },
    reference: {
      value: "DIR|FILE.npz|FILE.safetensors",
      help: `the real ones, or what --save made of them [the model's ${STATISTICS}]`,
    },
    keep: { value: "N", default: "10000", help: "features kept for KID, precision and recall", check: integerIn(0) },
    save: { value: "FILE", help: "safetensors: the statistics of these pictures, for --reference" },
  },
  async run(flags, { report }) {
    const model = await loadModel(await modelSource(flags), readModelFile, () => {});
    const network = networkOf(model);
    const runtime = await openRuntime(backendOf(flags), threadsOf(flags));
    const look = new Look(runtime, model, network, flags.integer("keep"));
    try {
      report(`Looking at ${flags.text("pictures")}`);
      const set = await look.at(flags.text("pictures"));
      const given = flags.optional("reference");
      const shipped = join(flags.text("model"), STATISTICS);
      const reference = given ?? ((await exists(shipped)) ? shipped : undefined);
      if (reference !== undefined) report(`Comparing with ${reference}`);
      const metrics = readings(set, reference === undefined ? undefined : await look.at(reference));
      if (flags.has("save")) await writeFile(flags.text("save"), writeStatistics(set, network));
      return {
        pictures: set.gaussian.count,
        network: network.label,
        reference,
        metrics,
        device: runtime.device,
      };
    } finally {
      await runtime.close();
    }
  },
};

/** @throws missing-data when the model has no classifier */
function networkOf({ networks, card }: LoadedModel): FeatureNetwork {
  if (networks.classifier) return featureNetwork(networks.classifier, card.imageSize);
  throw new StudioError("missing-data", `${card.name}: has no classifier, whose features the metrics need`);
}

/** Every metric by id: its value, or why there is none. */
function readings(set: FeatureStatistics, reference: FeatureStatistics | undefined) {
  const entries = distributions.ids.map((id) => {
    try {
      return [id, distributions.get(id).measure(set, reference)] as const;
    } catch (error) {
      if (error instanceof StudioError && error.code === "missing-data")
        return [id, { missing: error.message }] as const;
      throw error;
    }
  });
  return Object.fromEntries(entries);
}

/** Statistics of whatever stands for a set of pictures. */
class Look {
  readonly #runtime: Runtime;
  readonly #network: FeatureNetwork;
  readonly #model: LoadedModel;
  readonly #keep: number;

  constructor(runtime: Runtime, model: LoadedModel, network: FeatureNetwork, keep: number) {
    this.#runtime = runtime;
    this.#network = network;
    this.#model = model;
    this.#keep = keep;
  }

  async at(path: string): Promise<FeatureStatistics> {
    const { side } = this.#network;
    if (path.endsWith(".safetensors")) return this.#read(path, await readModelFile(path));
    if (!path.endsWith(".npz")) return this.#describe(folderBatches(path, this.#model.card.classes, side));
    const file = readNpz(path, await readModelFile(path));
    const [mu, sigma] = [await file.read("mu"), await file.read("sigma")];
    const gaussian = mu && sigma && momentsOf(path, mu, sigma, this.#network);
    const described = await this.#describe(npzBatches(path, file, side));
    return gaussian ? { ...described, gaussian } : described; // of the whole set, of which the pictures are a part
  }

  /** Latents of the model's, or statistics. */
  async #read(path: string, bytes: Uint8Array): Promise<FeatureStatistics> {
    const { tensors } = readSafetensors(bytes);
    const [latents, labels] = [tensors.get("latents"), tensors.get("labels")];
    if (!latents) return readStatistics(path, bytes, this.#network);
    const samples = { shape: latents.shape, data: toFloat32(latents) };
    return this.#describe(decodedBatches(this.#runtime, this.#model, samples, labels && toInt32(labels)));
  }

  #describe(batches: Parameters<typeof describePictures>[2]): Promise<FeatureStatistics> {
    return describePictures(this.#runtime, this.#network, batches, { keep: this.#keep });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
