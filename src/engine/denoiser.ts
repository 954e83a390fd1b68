// Runs an architecture's program: calls of small graphs over named tensors. It does not know what a block
// is; it knows that a call may be skipped, may be fed other weights, and that what a run made must be freed.

import type { Int32Tensor, Tensor } from "../core/tensor.ts";
import type { Architecture, Call, DenoiserSpec, Program, WeightTable } from "../models/model.ts";
import type { Statistic } from "../pruners/pruner.ts";
import { type DeviceTensor, type Feed, isDeviceTensor, type Runtime, type Session } from "../runtime/runtime.ts";
import type { LinearStep } from "../samplers/sampler.ts";
import { Sessions } from "./sessions.ts";

/** What a schedule does to one stage's calls. Tensors belong to the router. */
export interface Routed {
  /** Equal keys mean equal weights. */
  readonly key: string;
  /** Weights that replace the backbone's, by state-dict name. */
  readonly weights: ReadonlyMap<string, DeviceTensor>;
  /** Blocks that are left out. */
  readonly skipped: ReadonlySet<number>;
  /** Blocks whose branches are reduced to their biases. */
  readonly empty: ReadonlySet<number>;
}
export const DENSE: Routed = { key: "dense", weights: new Map(), skipped: new Set(), empty: new Set() };

/** Pairs of timestep and label whose modulations are computed once and reused by every schedule. */
export type Conditioning = Readonly<Record<string, DeviceTensor>>;

export interface StepInputs {
  /** [B, C, h, w] */
  readonly latent: Feed;
  readonly conditioning: Conditioning;
  /** Index of each row's (timestep, label) pair. [B] or [2B] when guided */
  readonly row: Int32Tensor;
  readonly guidance: number;
  readonly step: LinearStep;
  readonly routed: Routed;
  /** The same network with the routed weights inside, see Fuser. */
  readonly fused?: Session | undefined;
}

export class Denoiser {
  readonly spec: DenoiserSpec;
  readonly #architecture: Architecture;
  readonly #program: Program;
  readonly #runtime: Runtime;
  readonly #weights: WeightTable;
  readonly #sessions: Sessions;
  readonly #backbone = new Map<string, DeviceTensor>();
  readonly #conditionings = new Map<string, Conditioning>();

  constructor(runtime: Runtime, architecture: Architecture, spec: DenoiserSpec, weights: WeightTable) {
    this.#runtime = runtime;
    this.#sessions = new Sessions(runtime);
    this.#architecture = architecture;
    this.spec = spec;
    this.#program = architecture.program(spec);
    this.#weights = weights;
  }

  /** Modulations of all blocks for distinct (timestep, label) pairs; cached, freed with the denoiser. */
  async condition(timesteps: Float32Array, labels: Int32Array): Promise<Conditioning> {
    const key = `${timesteps.join(",")}|${labels.join(",")}`;
    const known = this.#conditionings.get(key);
    if (known) return known;
    const made = await this.conditionOnce(timesteps, labels);
    if (this.#conditionings.size >= MAX_CONDITIONINGS) this.#forgetConditionings();
    this.#conditionings.set(key, made);
    return made;
  }

  /** As `condition`, but the caller frees it. */
  async conditionOnce(timesteps: Float32Array, labels: Int32Array): Promise<Conditioning> {
    const scope = new Scope({
      timestep: this.#architecture.embedTimesteps(timesteps),
      label: { shape: [labels.length], data: labels },
    });
    try {
      await this.#execute(this.#program.conditioning, scope, DENSE, labels.length);
      return scope.take((name) => name.startsWith("modulation."));
    } finally {
      scope.free();
    }
  }

  /** One sampling step: the next latent [B, C, h, w], owned by the caller. */
  async step(inputs: StepInputs): Promise<DeviceTensor> {
    const guided = inputs.guidance > 1;
    const scope = new Scope({
      ...inputs.conditioning,
      latent: inputs.latent,
      row: inputs.row,
      guidance: scalars(inputs.guidance),
      coefficients: scalars(inputs.step.latent, inputs.step.predictions[0] as number),
    });
    try {
      if (inputs.fused) return (await inputs.fused.run(scope.pick(inputs.fused.inputs))).next as DeviceTensor;
      const calls = guided ? this.#program.denoiseGuided : this.#program.denoise;
      await this.#execute(calls, scope, inputs.routed, inputs.row.data.length * this.spec.tokens);
      return scope.take((name) => name === "latent").latent as DeviceTensor;
    } finally {
      scope.free();
    }
  }

  /**
   * One pass of noised latents [R, C, h, w] up to the last of `blocks`. Statistic "gram" adds to the running sums
   * `gram.{layer}` and `gram.{layer}.sum` of these blocks and returns them, "moments" to `moments.{layer}.{part}`;
   * "block-change" returns `change.{block}` [R]. `sums` are handed over, freed as soon as they are added to; the caller
   * frees what is returned.
   */
  async observe(
    statistic: Statistic,
    blocks: ReadonlySet<number>,
    latent: Tensor,
    conditioning: Conditioning,
    row: Int32Tensor,
    sums: Readonly<Record<string, Feed>> = {},
  ): Promise<Record<string, DeviceTensor>> {
    const scope = new Scope({ ...conditioning, latent, row, ...sums }, sums);
    try {
      const { calls, prefix } = OBSERVATIONS[statistic];
      await this.#execute(this.#program[calls](blocks), scope, DENSE, row.data.length * this.spec.tokens);
      return scope.take((name) => name.startsWith(prefix));
    } finally {
      scope.free();
    }
  }

  async free(): Promise<void> {
    this.#forgetConditionings();
    for (const weight of this.#backbone.values()) weight.free();
    this.#backbone.clear();
    await this.#sessions.free();
  }

  /** `rows` go through the linear layers at once. */
  async #execute(calls: readonly Call[], scope: Scope, routed: Routed, rows: number): Promise<void> {
    for (const call of calls) {
      if (call.block !== undefined && routed.skipped.has(call.block)) continue; // same name in and out: identity
      const empty = call.block !== undefined && routed.empty.has(call.block);
      const graph = empty ? (this.#architecture.biasOnly[call.graph] as string) : call.graph;
      const feeds: Record<string, Feed> = {};
      for (const [input, name] of Object.entries(call.reads)) feeds[input] = scope.get(name);
      for (const [input, name] of Object.entries(call.weights))
        feeds[input] = routed.weights.get(name) ?? this.#weight(name);
      const wide = empty ? [] : wideLayers(Object.keys(call.weights), feeds, rows);
      const session = await this.#sessions.get([graph, ...wide].join(" "), () =>
        this.#architecture.graph(this.spec, graph, new Set(wide)),
      );
      const wanted = Object.fromEntries(session.inputs.map((input) => [input, feeds[input] as Feed]));
      const outputs = await session.run(wanted);
      for (const [output, name] of Object.entries(call.writes)) scope.set(name, outputs[output] as DeviceTensor);
    }
  }

  #weight(name: string): DeviceTensor {
    let weight = this.#backbone.get(name);
    if (!weight) {
      weight = this.#runtime.upload(this.#weights.get(name) as Tensor);
      this.#backbone.set(name, weight);
    }
    return weight;
  }

  #forgetConditionings(): void {
    for (const conditioning of this.#conditionings.values())
      for (const modulation of Object.values(conditioning)) modulation.free();
    this.#conditionings.clear();
  }
}

/** Which calls collect a statistic, and what its tensors' names begin with. */
const OBSERVATIONS = {
  gram: { calls: "calibrate", prefix: "gram." },
  moments: { calls: "moments", prefix: "moments." },
  "block-change": { calls: "redundancy", prefix: "change." },
} as const satisfies Record<Statistic, { readonly calls: keyof Program; readonly prefix: string }>;

/** Two runs of 50 steps; one entry of the demo is 0.6 MB. */
const MAX_CONDITIONINGS = 128;

/** Named tensors of one execution. What runs wrote or was handed over is freed when overwritten or left behind. */
class Scope {
  readonly #values: Map<string, Feed>;
  readonly #owned = new Map<string, DeviceTensor>();

  constructor(given: Readonly<Record<string, Feed>>, handedOver: Readonly<Record<string, Feed>> = {}) {
    this.#values = new Map(Object.entries(given));
    for (const [name, value] of Object.entries(handedOver)) if (isDeviceTensor(value)) this.#owned.set(name, value);
  }

  get(name: string): Feed {
    const value = this.#values.get(name);
    if (!value) throw new Error(`denoiser: nothing in scope is called "${name}"`);
    return value;
  }

  pick(names: readonly string[]): Record<string, Feed> {
    return Object.fromEntries(names.map((name) => [name, this.get(name)]));
  }

  set(name: string, value: DeviceTensor): void {
    this.#owned.get(name)?.free();
    this.#owned.set(name, value);
    this.#values.set(name, value);
  }

  /** Gives away the tensors it owns whose name fits. */
  take(fits: (name: string) => boolean): Record<string, DeviceTensor> {
    const taken: Record<string, DeviceTensor> = {};
    for (const [name, value] of this.#owned)
      if (fits(name)) {
        taken[name] = value;
        this.#owned.delete(name);
      }
    return taken;
  }

  free(): void {
    for (const value of this.#owned.values()) value.free();
    this.#owned.clear();
  }
}

/** Linear layers among the graph's weights with more outputs than rows. */
function wideLayers(inputs: readonly string[], feeds: Readonly<Record<string, Feed>>, rows: number): string[] {
  const weights = inputs.filter((input) => input.endsWith(".weight"));
  const wide = weights.filter((input) => ((feeds[input] as Feed).shape[0] as number) > rows);
  return wide.map((input) => input.slice(0, -".weight".length));
}

function scalars(...values: number[]): Tensor {
  return { shape: [values.length], data: Float32Array.from(values) };
}
