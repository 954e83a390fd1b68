// A metric gives one score per picture (or latent). It is the only asynchronous shelf: most metrics are
// graphs that run on the device, so that only scalars come back.

import { StudioError } from "../core/errors.ts";
import type { Method } from "../core/shelf.ts";
import type { Tensor } from "../core/tensor.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";

export interface MetricInput {
  /** Final latents [B, C, h, w]. */
  readonly latents: DeviceTensor;
  /** Decoded pictures in [-1, 1], [B, 3, H, W]; absent when the model has no decoder. */
  readonly pictures?: DeviceTensor;
}

export interface Scorer {
  /** One score per item, higher is better whatever the metric's own direction. [B] */
  score(student: MetricInput, reference?: MetricInput): Promise<Float32Array>;
  free(): Promise<void>;
}

export interface Metric extends Method {
  readonly role: "fitness" | "report";
  /** Of the value as published; `score` is always oriented so that higher is better. */
  readonly direction: "higher" | "lower";
  /** "pictures" needs a decoder. */
  readonly space: "latent" | "pictures";
  /** Compares with the dense model's result. */
  readonly reference: boolean;
  /** Judging networks that it runs, as the model's manifest names them. */
  readonly networks: readonly string[];
  open(runtime: Runtime, networks: Networks): Promise<Scorer>;
}

/** Weights of judging networks, by name ("quality", "classifier"), as the model's manifest names them. */
export type Networks = Readonly<Record<string, ReadonlyMap<string, Tensor>>>;

/**
 * A scorer that is one graph: inputs "student" and, where it compares, "reference"; output "score" [B].
 * @throws missing-data from `score` when the space that it looks at is absent.
 */
export async function graphScorer(
  runtime: Runtime,
  graph: Uint8Array,
  label: string,
  { space, reference: compares }: Pick<Metric, "space" | "reference">,
): Promise<Scorer> {
  const session = await runtime.load(graph, `metric ${label}`);
  const take = (role: string, input: MetricInput | undefined): DeviceTensor => {
    const found = space === "pictures" ? input?.pictures : input?.latents;
    if (!found) throw new StudioError("missing-data", `metric ${label}: there are no ${space} of the ${role}`);
    return found;
  };
  return {
    async score(student, reference) {
      const feeds = { student: take("student", student) };
      const outputs = await session.run(compares ? { ...feeds, reference: take("reference", reference) } : feeds);
      const score = outputs.score as DeviceTensor;
      const { data } = await score.download();
      score.free();
      return data as Float32Array;
    },
    free: () => session.free(),
  };
}
