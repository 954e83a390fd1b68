// manifest.json of a model bundle: which files there are, what shapes alone do not tell, and hashes.

import * as z from "zod/mini";
import { StudioError } from "../core/errors.ts";

const count = z.int().check(z.minimum(1));
const network = z.object({ architecture: z.string(), weights: z.string() });

const schema = z.object({
  format: z.literal("diff-es-model/1"),
  name: z.string(),
  denoiser: z.object({
    architecture: z.string(),
    weights: z.string(),
    prediction: z.enum(["epsilon", "v"]),
    learnedSigma: z.boolean(),
    heads: count,
    patch: count,
    latent: z.object({ channels: count, height: count, width: count }),
    numClasses: count,
    guidedChannels: count,
    diffusion: z.object({
      schedule: z.literal("linear"),
      timesteps: count,
      betaStart: z.number().check(z.positive()),
      betaEnd: z.number().check(z.positive()),
    }),
  }),
  autoencoder: z.optional(z.extend(network, { factor: count, imageSize: count })),
  classifier: z.optional(network),
  quality: z.optional(network),
  calibration: z.optional(z.object({ file: z.string(), count })),
  classes: z.array(z.string()),
  defaults: z.object({ steps: count, guidance: z.number().check(z.minimum(1)) }),
  files: z.record(z.string(), z.object({ bytes: count, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })),
});

export type Manifest = z.infer<typeof schema>;

/** @throws corrupt-data naming the field and what it should be */
export function parseManifest(bytes: Uint8Array): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new StudioError("corrupt-data", `manifest.json: is not JSON (${(error as Error).message})`);
  }
  const parsed = z.safeParse(schema, json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
  throw new StudioError("corrupt-data", `manifest.json: ${issues.join("; ")}`);
}
