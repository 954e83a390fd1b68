// Evaluations in storage: what every schedule scored, picture by picture, each a sealed record that is written once and
// never changed. Its address is a hash of the schedule and of everything else that its scores depend on, so whoever
// evaluates the same again, in this search or another, finds it there.

import { checkOptions } from "../core/options.ts";
import type { Part } from "../core/racing.ts";
import type { Division } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import { sha256Json } from "../formats/hash.ts";
import { metrics } from "../metrics/index.ts";
import type { Device } from "../runtime/runtime.ts";
import { samplers } from "../samplers/index.ts";
import type { Storage } from "../storage/storage.ts";
import type { SearchRequest } from "./api.ts";
import { meanOf, type Scored } from "./fitness.ts";
import type { PictureSet } from "./picture-set.ts";
import { sealJson, unsealJson } from "./seal.ts";

/** Of the record, and of the arithmetic behind the scores: a change of either gets a new number. */
const VERSION = 1;

/** What the scores of a schedule depend on, beside the schedule. */
export interface Context {
  /** Id. */
  readonly model: string;
  /** Id. */
  readonly bank: string;
  readonly division: Division;
  readonly request: Pick<SearchRequest, "sampler" | "steps" | "guidance" | "metric" | "seed">;
  /** The pictures are `count` of this set, drawn from the request's seed. */
  readonly set: PictureSet;
  readonly count: number;
  readonly device: Device;
}

/** A hash of the context, by which its evaluations are asked for. */
export function contextId({ model, bank, division, request, set, count, device }: Context): string {
  const { sampler, steps, guidance, metric, seed } = request;
  return sha256Json([
    VERSION,
    model,
    bank,
    division.map(({ high, low }) => [high, low]),
    [sampler.id, checkOptions(sampler.id, samplers.get(sampler.id).options, sampler.options), steps, guidance],
    [metric.id, checkOptions(metric.id, metrics.get(metric.id).options, metric.options)],
    [set, seed, count],
    arithmeticOf(device),
  ]);
}

/**
 * Devices of one kind of arithmetic agree in every bit: WASM does everywhere, and gets a new number when its bits change;
 * a GPU only with its like.
 */
function arithmeticOf({ backend, name, fp16 }: Device): string {
  if (backend === "wasm") return `${backend} 2`;
  return backend === "webgpu" ? `${backend} ${name} ${fp16 ? "f16" : "f32"}` : backend;
}

export interface Evaluation extends Pick<Scored, "fitness" | "calls"> {
  readonly address: string;
  readonly levels: readonly Level[];
  /** Of the context's pictures; all of them if absent. */
  readonly part?: Part | undefined;
  /** One per picture, as scored; none of a mirrored evaluation. */
  readonly scores: readonly number[];
}

export function addressOf(context: string, levels: readonly Level[], part?: Part): string {
  return sha256Json(part ? [context, levels, part.first, part.count] : [context, levels]).slice(0, 32);
}

/** A mean is not stored: it follows from the scores. */
type EvaluationRecord = Omit<Evaluation, "address" | "fitness"> & { readonly version: number };

export class EvaluationStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Those at the addresses, in their order; undefined where there is none, or a damaged one. */
  async get(addresses: readonly string[]): Promise<(Evaluation | undefined)[]> {
    const records = await this.#storage.getMany(addresses.map(keyOf));
    return Promise.all(addresses.map((address, index) => evaluationOf(address, records[index])));
  }

  async find(context: string, levels: readonly Level[], part?: Part): Promise<Evaluation | undefined> {
    return (await this.get([addressOf(context, levels, part)]))[0];
  }

  /** What is recorded, else what `score` says, recorded now. */
  async once(
    context: string,
    levels: readonly Level[],
    score: () => Promise<Scored>,
    part?: Part,
  ): Promise<Evaluation> {
    const known = await this.find(context, levels, part);
    return known ?? this.add(context, levels, await score(), part);
  }

  /** Scores that are not finite are refused by whoever asked for them, and not kept. */
  async add(
    context: string,
    levels: readonly Level[],
    { fitness, scores, calls }: Scored,
    part?: Part,
  ): Promise<Evaluation> {
    const address = addressOf(context, levels, part);
    const record: EvaluationRecord = { version: VERSION, levels, ...(part && { part }), scores, calls };
    if (scores.every(Number.isFinite)) await this.#storage.put([[keyOf(address), await sealJson(record)]]);
    return { address, levels, part, scores, calls, fitness };
  }
}

export const keyOf = (address: string) => ["evaluations", address] as const;

async function evaluationOf(address: string, bytes: Uint8Array | undefined): Promise<Evaluation | undefined> {
  const record = await unsealJson<EvaluationRecord>(bytes);
  if (record?.version !== VERSION) return undefined;
  const { levels, part, scores, calls } = record;
  return { address, levels, part, scores, calls, fitness: meanOf(scores) };
}
