// A metric gives one score per picture (or latent). It is the only asynchronous shelf: most metrics are
// graphs that run on the device, so that only scalars come back.

import { StudioError } from "../core/errors.ts";
import type { OptionValues } from "../core/options.ts";
import type { Method } from "../core/shelf.ts";
import type { Tensor } from "../core/tensor.ts";
import type { DeviceTensor, Runtime } from "../runtime/runtime.ts";

export interface MetricInput {
  /** Latents after a step, the final ones as a rule. [B, C, h, w] */
  readonly latents: DeviceTensor;
  /** Decoded pictures in [-1, 1], [B, 3, H, W]; absent when the model has no decoder. */
  readonly pictures?: DeviceTensor;
}

export interface Scorer {
  /** One score per item, higher is better whatever the metric's own direction. [B] */
  score(student: MetricInput, reference?: MetricInput): Promise<Float32Array>;
  free(): Promise<void>;
}

/** What is measured, of a metric and of several combined. */
export interface Measure extends Method {
  /** Of the value as published; scores are always oriented so that higher is better. */
  readonly direction: "higher" | "lower";
  /** Lowest and highest value as published, whatever the options; infinite where there is no bound. */
  readonly range: readonly [number, number];
  /** "pictures" needs a decoder. */
  readonly space: "latent" | "pictures";
  /** Compares with the dense model's result. */
  readonly reference: boolean;
  /** Judging networks that it runs, as the model's manifest names them. */
  readonly networks: readonly string[];
}

export interface Metric extends Measure {
  /** Whether a search may maximise it, or only reports may tell it. */
  readonly role: "fitness" | "report";
  /** `options` may hold other metrics' values too. @throws missing-data when the model lacks a network */
  open(runtime: Runtime, networks: Networks, options: OptionValues): Promise<Scorer>;
}

/** Weights of judging networks, by name ("quality", "classifier"), as the model's manifest names them. */
export type Networks = Readonly<Record<string, ReadonlyMap<string, Tensor>>>;

/** What a metric looks at. @throws missing-data when the space that it looks at is absent */
export function inputOf(
  label: string,
  space: Measure["space"],
  role: "student" | "reference",
  input: MetricInput | undefined,
): DeviceTensor {
  const found = space === "pictures" ? input?.pictures : input?.latents;
  if (!found) throw new StudioError("missing-data", `metric ${label}: there are no ${space} of the ${role}`);
  return found;
}

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
  return {
    async score(student, reference) {
      const feeds = { student: inputOf(label, space, "student", student) };
      const other = compares && { reference: inputOf(label, space, "reference", reference) };
      return takeScores(await session.run({ ...feeds, ...other }));
    },
    free: () => session.free(),
  };
}

/** Downloads and frees the output "score" [B] of a graph. */
export async function takeScores(outputs: Readonly<Record<string, DeviceTensor>>): Promise<Float32Array> {
  const score = outputs.score as DeviceTensor;
  const { data } = await score.download();
  score.free();
  return data as Float32Array;
}
