// Runs in storage. Search state is the only data that cannot be made again, so it is written after every candidate
// and every generation; a run that was killed goes on from here without repeating a finished candidate.

import type { Level } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import type { Key, Storage } from "../storage/storage.ts";
import type { RunCard, ScoredSchedule, SearchRequest, SearchResult } from "./api.ts";

export interface GenerationRecord {
  /** Best first. */
  readonly population: readonly ScoredSchedule[];
  readonly survivors: number;
}

/** Everything that a killed run needs to go on. */
export interface Checkpoint {
  readonly request: SearchRequest;
  readonly model: string;
  /** The searcher's own snapshot after the last finished round. */
  readonly searcher: unknown;
  readonly generations: readonly GenerationRecord[];
  /** All evaluated candidates in order: what the history hash covers. */
  readonly history: readonly { readonly levels: readonly Level[]; readonly fitness: number }[];
}

/** Equal requests on equal models are the same run. */
export function runId(model: string, request: SearchRequest): string {
  return sha256(new TextEncoder().encode(JSON.stringify([model, request]))).slice(0, 16);
}

export class RunStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async saveCheckpoint(run: string, checkpoint: Checkpoint): Promise<void> {
    await this.#write([["runs", run, "checkpoint"], checkpoint]);
  }

  checkpoint(run: string): Promise<Checkpoint | undefined> {
    return this.#read(["runs", run, "checkpoint"]);
  }

  /**
   * Fitness of the candidates of an unfinished round, in asked order: small, written after each. A round goes by how
   * many candidates were scored before it, because not every round makes a generation.
   */
  async savePending(run: string, round: number, fitness: readonly number[]): Promise<void> {
    await this.#write([["runs", run, "pending"], { round, fitness }]);
  }

  async pending(run: string, round: number): Promise<readonly number[]> {
    const record = await this.#read<{ round: number; fitness: readonly number[] }>(["runs", run, "pending"]);
    return record?.round === round ? record.fitness : [];
  }

  async saveResult(result: SearchResult): Promise<void> {
    await this.#write([["runs", result.run, "result"], result]);
  }

  result(run: string): Promise<SearchResult | undefined> {
    return this.#read(["runs", run, "result"]);
  }

  async cards(): Promise<readonly RunCard[]> {
    const runs = new Set((await this.#storage.list(["runs"])).map((key) => String(key[1])));
    const cards = await Promise.all([...runs].map((run) => this.#card(run)));
    return cards.filter((card) => card !== undefined);
  }

  async remove(run: string): Promise<void> {
    await this.#storage.remove(["runs", run]);
  }

  async #card(run: string): Promise<RunCard | undefined> {
    const checkpoint = await this.checkpoint(run);
    if (!checkpoint) return undefined;
    const { request, model, generations } = checkpoint;
    const finished = (await this.result(run)) !== undefined;
    return { run, request, model, finished, generation: generations.length };
  }

  async #write([key, value]: readonly [Key, unknown]): Promise<void> {
    await this.#storage.put([[key, new TextEncoder().encode(JSON.stringify(value))]]);
  }

  /** A record that does not parse is treated as absent: the run starts again rather than not at all. */
  async #read<T>(key: Key): Promise<T | undefined> {
    const bytes = await this.#storage.get(key);
    if (!bytes) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as T;
    } catch {
      return undefined;
    }
  }
}
