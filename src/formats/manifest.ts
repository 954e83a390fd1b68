// The manifest of a model folder: what the weight files alone do not say. Fields that it does not know are left
// alone, so that a newer writer does not lock out an older reader.

import * as z from "zod/mini";
import { parseJsonFile } from "./json-file.ts";

export const MANIFEST_FORMAT = "diff-es-model/1";

const count = z.int().check(z.positive());
const name = z.string().check(z.minLength(1));
/** A file of the same folder or of one beside it, whose parts a model may share: no path leads elsewhere. */
const file = z
  .string()
  .check(z.regex(/^(\.\.\/[\w-][\w.-]*\/)?[\w-][\w.-]*$/, "not a plain file name, here or in a folder beside"));
const network = z.looseObject({ architecture: name, weights: file });

const diffusion = z.discriminatedUnion("schedule", [
  z.looseObject({
    schedule: z.literal("linear"),
    timesteps: count,
    betaStart: z.number().check(z.positive(), z.lt(1)),
    betaEnd: z.number().check(z.positive(), z.lt(1)),
  }),
  z.looseObject({ schedule: z.literal("flow"), timesteps: count }),
]);

const schema = z.looseObject({
  format: z.literal(MANIFEST_FORMAT),
  name,
  licence: z.optional(z.union([z.string(), z.record(z.string(), z.string())])),
  denoiser: z
    .looseObject({
      architecture: name,
      weights: file,
      prediction: z.enum(["epsilon", "v", "flow"]),
      learnedSigma: z.boolean(),
      heads: count,
      patch: count,
      latent: z.looseObject({ channels: count, height: count, width: count }),
      numClasses: count,
      guidedChannels: count,
      diffusion,
    })
    .check(
      z.refine(
        ({ prediction, diffusion }) => (prediction === "flow") === (diffusion.schedule === "flow"),
        'prediction "flow" goes with the diffusion schedule "flow", and neither with another',
      ),
    ),
  autoencoder: z.optional(z.looseObject({ ...network.shape, factor: count, imageSize: count })),
  classifier: z.optional(network),
  quality: z.optional(network),
  calibration: z.optional(z.looseObject({ file, count })),
  classes: z.array(z.string()),
  defaults: z.looseObject({ steps: count, guidance: z.number().check(z.gte(1)) }),
  files: z.record(
    file,
    z.looseObject({ bytes: count, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, "not 64 hex digits")) }),
  ),
  provenance: z.optional(z.record(z.string(), z.unknown())),
});
export type Manifest = z.infer<typeof schema>;

/** @throws corrupt-data naming the first field that is wrong. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return parseJsonFile("manifest.json", schema, bytes);
}
