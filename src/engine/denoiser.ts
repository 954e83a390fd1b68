// Runs an architecture's program: calls of small graphs over named tensors. It does not know what a block
// is; it knows that a call may be skipped, may be fed other weights, and that what a run made must be freed.

import { type Bytes, type Int32Tensor, sizeOf, type Tensor } from "../core/tensor.ts";
import { type Chain, chainGraph, chainsOf, type Link, linksOf, type Pruned } from "../models/chain.ts";
import type { Architecture, Call, DenoiserSpec, Program, WeightTable } from "../models/model.ts";
import type { Statistic } from "../pruners/pruner.ts";
import type { DeviceTensor, Feed, Runtime, Session } from "../runtime/runtime.ts";
import type { LinearStep } from "../samplers/sampler.ts";
import { ByteCache } from "./byte-cache.ts";
import { complete, type Place } from "./multistep.ts";
import { Scope } from "./scope.ts";
import { Sessions } from "./sessions.ts";

/** What a schedule does to one stage's calls. Tensors belong to the router. */
export interface Routed extends Pruned {
  /** Equal keys mean equal weights. */
  readonly key: string;
  /** Weights that replace the backbone's, by state-dict name. */
  readonly weights: ReadonlyMap<string, DeviceTensor>;
}
export const DENSE: Routed = { key: "dense", weights: new Map(), skipped: new Set(), empty: new Set() };

/** Pairs of timestep and label whose modulations are computed once and reused by every schedule. */
export type Conditioning = Readonly<Record<string, DeviceTensor>>;

export interface StepInputs extends Place<Feed> {
  readonly conditioning: Conditioning;
  /** Index of each row's (timestep, label) pair. [B] or [2B] when guided */
  readonly row: Int32Tensor;
  readonly guidance: number;
  readonly step: LinearStep;
  /** Whether the next step will look back at this one. */
  readonly remembered?: boolean;
  readonly routed: Routed;
  /** The same network with the routed weights inside, see Fuser. */
  readonly fused?: CompiledChain | undefined;
}

export interface CompiledChain {
  readonly session: Session;
  readonly chain: Chain;
}

export class Denoiser {
  readonly spec: DenoiserSpec;
  readonly #architecture: Architecture;
  readonly #program: Program;
  readonly #runtime: Runtime;
  readonly #weights: WeightTable;
  readonly #sessions: Sessions;
  readonly #backbone = new Map<string, DeviceTensor>();
  readonly #conditionings = new ByteCache<Conditioning>(CONDITIONING_BYTES, (conditioning) => {
    for (const modulation of Object.values(conditioning)) modulation.free();
  });
  /** By what routing made, then by guidance and rows: to wire them again at every step would be felt. */
  readonly #chains = new WeakMap<Routed, Map<string, readonly CompiledChain[]>>();

  constructor(runtime: Runtime, architecture: Architecture, spec: DenoiserSpec, weights: WeightTable) {
    this.#runtime = runtime;
    this.#sessions = new Sessions(runtime);
    this.#architecture = architecture;
    this.spec = spec;
    this.#program = architecture.program(spec);
    this.#weights = weights;
  }

  /** Modulations of all blocks for distinct (timestep, label) pairs; cached until others need the room, see `forget`. */
  async condition(timesteps: Float32Array, labels: Int32Array): Promise<Conditioning> {
    const key = `${timesteps.join(",")}|${labels.join(",")}`;
    const known = this.#conditionings.get(key);
    if (known) return known;
    const made = await this.conditionOnce(timesteps, labels);
    const values = Object.values(made).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#conditionings.set(key, made, 4 * values);
    return made;
  }

  /** Frees what `condition` keeps: pictures that will not be drawn again need it no longer. */
  forget(): void {
    this.#conditionings.clear();
  }

  /** As `condition`, but the caller frees it. */
  async conditionOnce(timesteps: Float32Array, labels: Int32Array): Promise<Conditioning> {
    const scope = new Scope({
      timestep: this.#architecture.embedTimesteps(timesteps),
      label: { shape: [labels.length], data: labels },
    });
    try {
      const wanted = (name: string) => name.startsWith("modulation.");
      for (const chain of await this.#chainsOf(this.#program.conditioning, DENSE, labels.length, wanted))
        await this.#run(chain, scope, DENSE);
      return scope.take(wanted);
    } finally {
      scope.free();
    }
  }

  /** One sampling step; the caller owns what it comes to. */
  async step(inputs: StepInputs): Promise<Place<DeviceTensor>> {
    const guided = inputs.guidance > 1;
    const scope = new Scope({
      ...inputs.conditioning,
      latent: inputs.latent,
      row: inputs.row,
      guidance: scalars(inputs.guidance),
      coefficients: scalars(inputs.step.next.latent, inputs.step.next.output),
    });
    try {
      const { fused, routed, row } = inputs;
      const rows = row.data.length * this.spec.tokens;
      const chains = fused ? [fused] : await this.#stepChains(routed, guided, rows);
      for (const chain of chains) await this.#run(chain, scope, routed);
      const { latent, output } = scope.take(isResult);
      const made = { latent: latent as DeviceTensor, output: output as DeviceTensor };
      return await complete(this.#sessions, made, inputs);
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
      const wanted = (name: string) => name.startsWith(prefix);
      const rows = row.data.length * this.spec.tokens;
      // call by call: running sums are the largest tensors there are, and only one layer's may be there twice
      for (const chain of await this.#chainsOf(this.#program[calls](blocks), DENSE, rows, wanted, 0))
        await this.#run(chain, scope, DENSE);
      return scope.take(wanted);
    } finally {
      scope.free();
    }
  }

  async free(): Promise<void> {
    this.forget();
    for (const weight of this.#backbone.values()) weight.free();
    this.#backbone.clear();
    await this.#sessions.free();
  }

  /** Chains of a sampling step. */
  async #stepChains(routed: Routed, guided: boolean, rows: number): Promise<readonly CompiledChain[]> {
    const known = this.#chains.get(routed) ?? new Map<string, readonly CompiledChain[]>();
    this.#chains.set(routed, known);
    const key = `${guided} ${rows}`;
    const calls = guided ? this.#program.denoiseGuided : this.#program.denoise;
    const chains = known.get(key) ?? (await this.#chainsOf(calls, routed, rows, isResult));
    known.set(key, chains);
    return chains;
  }

  /**
   * The calls as chains that are fed with at most so many bytes of weights, or single ones. `rows` go through the linear
   * layers at once; `wanted` says what is needed after them.
   */
  async #chainsOf(
    calls: readonly Call[],
    routed: Routed,
    rows: number,
    wanted: (name: string) => boolean,
    bytes = CHAIN_BYTES,
  ): Promise<CompiledChain[]> {
    // only there threads share out columns, and results are promised to be the same for any number of them
    const turns = this.#runtime.device.backend === "wasm";
    const wide = turns ? (call: Call) => this.#wideLayers(call, routed, rows) : undefined;
    const links = linksOf(this.#architecture, calls, routed, wide);
    const sizes = { bytesOf: (link: Link) => this.#bytesOf(link, routed), most: bytes };
    const compiled = chainsOf(links, sizes, wanted).map(async (chain) => {
      const graph = () => chainGraph(this.#architecture, this.spec, chain);
      return { session: await this.#sessions.get(chain.key, graph, chain.label), chain };
    });
    return Promise.all(compiled);
  }

  async #run({ session, chain }: CompiledChain, scope: Scope, routed: Routed): Promise<void> {
    const feeds: Record<string, Feed> = {};
    for (const input of session.inputs) {
      const weight = chain.weights.get(input);
      feeds[input] = weight === undefined ? scope.get(chain.reads.get(input) as string) : this.#fed(weight, routed);
    }
    const outputs = await session.run(feeds);
    for (const [output, name] of chain.writes) scope.set(name, outputs[output] as DeviceTensor);
  }

  /** Linear layers with more outputs than rows. */
  #wideLayers({ weights }: Call, routed: Routed, rows: number): ReadonlySet<string> {
    const wide = Object.entries(weights).filter(
      ([input, name]) => input.endsWith(".weight") && (this.#fed(name, routed).shape[0] as number) > rows,
    );
    return new Set(wide.map(([input]) => input.slice(0, -".weight".length)));
  }

  #bytesOf({ call }: Link, routed: Routed): Bytes {
    return Object.values(call.weights).reduce((sum, name) => sum + 4 * sizeOf(this.#fed(name, routed).shape), 0);
  }

  #fed(weight: string, routed: Routed): DeviceTensor {
    return routed.weights.get(weight) ?? this.#weight(weight);
  }

  #weight(name: string): DeviceTensor {
    let weight = this.#backbone.get(name);
    if (!weight) {
      weight = this.#runtime.upload(this.#weights.get(name) as Tensor);
      this.#backbone.set(name, weight);
    }
    return weight;
  }
}

/** Whether a name in the scope is what a sampling step leaves. */
export function isResult(name: string): boolean {
  return name === "latent" || name === "output";
}

/** Which calls collect a statistic, and what its tensors' names begin with. */
const OBSERVATIONS = {
  gram: { calls: "calibrate", prefix: "gram." },
  moments: { calls: "moments", prefix: "moments." },
  "block-change": { calls: "redundancy", prefix: "change." },
} as const satisfies Record<Statistic, { readonly calls: keyof Program; readonly prefix: string }>;

/** Weights of a chain: a step of the demo model in one, a block of DiT-B in each. What is fed is copied on the processor. */
const CHAIN_BYTES: Bytes = 32 * 2 ** 20;

/** Two runs of 50 steps of the demo with all its classes. Larger models may compute theirs again: it is a hundredth of a step. */
const CONDITIONING_BYTES: Bytes = 64 * 2 ** 20;

function scalars(...values: number[]): Tensor {
  return { shape: [values.length], data: Float32Array.from(values) };
}
