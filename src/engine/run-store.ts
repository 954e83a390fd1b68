// Runs in storage: what a run was asked for and which evaluations it is made of, in two slots that are written in turn,
// so that a torn write leaves the one before. Searchers are deterministic: a run that was killed starts anew and is told
// what is recorded until it asks for something that is not.

import { StudioError } from "../core/errors.ts";
import type { Level } from "../core/tensor.ts";
import { sha256Json } from "../formats/hash.ts";
import type { Storage } from "../storage/storage.ts";
import type { Fork, Outcome, RunCard, SearchRequest, SearchResult, Thumbnail } from "./api.ts";
import { addressOf, contextId, keyOf } from "./evaluations.ts";
import type { MirroredRun, RunMirror } from "./run-mirror.ts";
import { seal, sealJson, unseal, unsealJson } from "./seal.ts";

const VERSION = 1;
const SLOTS = [0, 1] as const;

/** All that a run must keep to go on. */
export interface RunRecord {
  readonly request: SearchRequest;
  readonly forks: readonly Fork[];
  /** Id of the model. */
  readonly model: string;
  /** Contexts in which it evaluated, oldest first: a run may have changed its device. */
  readonly contexts: readonly string[];
  /** Those that the searcher was told about. */
  readonly rounds: readonly Round[];
  /** How often somebody took it up. */
  readonly epoch: number;
}

export interface Round {
  /** Addresses of its evaluations in the order of asking: what the history hash covers. */
  readonly told: readonly string[];
  /** Schedules that joined it by hand. */
  readonly injected: readonly (readonly Level[])[];
  /** Whether it finished one. */
  readonly generation: boolean;
}

export function generationsOf({ rounds }: Pick<RunRecord, "rounds">): number {
  return rounds.filter(({ generation }) => generation).length;
}

/** What lies in a slot: the sound one with the higher number holds. */
interface Slot extends RunRecord {
  readonly version: number;
  readonly number: number;
}

/** Equal requests on equal models are the same run, and so are equal forks of it. */
export function runId(model: string, request: SearchRequest, forks: readonly Fork[] = []): string {
  return sha256Json([model, request, ...forks]).slice(0, 16);
}

/** A result may be of fewer generations than were asked for since. */
function isFinished({ model, request, forks }: RunRecord, result: SearchResult | undefined): boolean {
  return result !== undefined && runId(model, result.request, result.forks) === runId(model, request, forks);
}

function outcomeOf(result: SearchResult | undefined): Outcome | undefined {
  if (!result) return undefined;
  const { best, space, comparisons, verdict, elapsed } = result;
  const { heldOut = [] } = comparisons.find(({ id }) => id === "searched") ?? {};
  const mean = heldOut.reduce((sum, score) => sum + score, 0) / heldOut.length;
  return {
    levels: best.levels,
    maxLevel: space.maxLevel,
    fitness: best.fitness,
    heldOut: heldOut.length > 0 ? mean : undefined,
    better: verdict.better,
    elapsed,
  };
}

/**
 * Addresses of its finalists' scores on the validation pictures; none when a method is no longer known, since then no other
 * run shares them.
 */
function validationsOf({ model, space, request, finalists, device }: SearchResult): string[] {
  const { bank, division } = space;
  const validated = { set: "validation", count: request.validation } as const;
  try {
    const context = contextId({ model: model.id, bank, division, request, device, ...validated });
    return finalists.map(({ levels }) => addressOf(context, levels));
  } catch (error) {
    if (error instanceof StudioError && ["unknown-method", "invalid-option"].includes(error.code)) return [];
    throw error;
  }
}

export class RunStore {
  readonly #storage: Storage;
  readonly #mirror: RunMirror | undefined;

  /** `mirror` knows runs that the storage has lost. */
  constructor(storage: Storage, mirror?: RunMirror) {
    this.#storage = storage;
    this.#mirror = mirror;
  }

  async record(run: string): Promise<RunRecord | undefined> {
    return (await this.#newest(run)) ?? (await this.mirrored(run))?.record;
  }

  async mirrored(run: string): Promise<MirroredRun | undefined> {
    return this.#mirror?.run(run);
  }

  /** Nobody needs to wait for it: it is a second copy, and of what a run can do without. */
  mirror(run: MirroredRun): void {
    void this.#mirror?.keep(run);
  }

  /** @throws busy when somebody took the run up since the writer did, and is its writer now */
  async save(run: string, record: RunRecord): Promise<void> {
    const newest = await this.#newest(run);
    if (newest && newest.epoch > record.epoch)
      throw new StudioError(
        "busy",
        `run ${run}: another tab or process has taken it over (epoch ${newest.epoch}, here ${record.epoch}); go on there`,
      );
    const number = (newest?.number ?? 0) + 1;
    const slot: Slot = { ...record, version: VERSION, number };
    await this.#storage.put([[["runs", run, "slot", number % SLOTS.length], await sealJson(slot)]]);
  }

  async saveResult(result: SearchResult): Promise<void> {
    await this.#storage.put([[["runs", result.run, "result"], await sealJson(result)]]);
  }

  async result(run: string): Promise<SearchResult | undefined> {
    return unsealJson(await this.#storage.get(["runs", run, "result"]));
  }

  /** Leaves a schedule for the run to take up; leaving it again changes nothing. */
  async inject(run: string, levels: readonly Level[]): Promise<void> {
    await this.#storage.put([[["runs", run, "injected", sha256Json(levels)], await sealJson(levels)]]);
  }

  /** All that were ever left for it. */
  async injected(run: string): Promise<readonly (readonly Level[])[]> {
    const left = await this.#storage.getMany(await this.#storage.list(["runs", run, "injected"]));
    const schedules = await Promise.all(left.map((bytes) => unsealJson<readonly Level[]>(bytes)));
    return schedules.filter((levels) => levels !== undefined);
  }

  async cards(): Promise<readonly RunCard[]> {
    const stored = (await this.#storage.list(["runs"])).map(([, run]) => String(run));
    const mirrored = ((await this.#mirror?.runs()) ?? []).map(({ run }) => run);
    const cards = await Promise.all([...new Set([...stored, ...mirrored])].map((run) => this.card(run)));
    return cards.filter((card) => card !== undefined);
  }

  async card(run: string): Promise<RunCard | undefined> {
    const record = await this.record(run);
    if (!record) return undefined;
    const { request, forks, model } = record;
    const result = await this.result(run);
    const finished = isFinished(record, result);
    const [name, picture, bytes] = await Promise.all([
      this.#storage.get(["runs", run, "name"]).then((sealed) => unsealJson<string>(sealed)),
      this.#picture(run),
      this.#storage.size(["runs", run]),
    ]);
    const generation = generationsOf(record);
    return {
      run,
      request,
      forks,
      model,
      finished,
      generation,
      name: name || undefined,
      picture,
      bytes,
      outcome: outcomeOf(result),
    };
  }

  async rename(run: string, name: string): Promise<void> {
    await this.#storage.put([[["runs", run, "name"], await sealJson(name)]]);
  }

  async savePicture(run: string, { pixels }: Thumbnail): Promise<void> {
    const { buffer, byteOffset, byteLength } = pixels;
    await this.#storage.put([[["runs", run, "picture"], await seal(new Uint8Array(buffer, byteOffset, byteLength))]]);
  }

  async #picture(run: string): Promise<Thumbnail | undefined> {
    const sealed = await this.#storage.get(["runs", run, "picture"]);
    const bytes = sealed && (await unseal(sealed));
    return bytes && { side: Math.sqrt(bytes.length / 4), pixels: new Uint8ClampedArray(bytes) };
  }

  /**
   * With it go those of its evaluations that no other run has: none while another is unfinished, which tells only at the
   * end of a round what it found, and never those of a table of sensitivity, which is nobody's run.
   */
  async remove(run: string): Promise<void> {
    const own = await this.#evaluations(run);
    const ids = new Set((await this.#storage.list(["runs"])).map(([, id]) => String(id)));
    ids.delete(run);
    const others = await Promise.all([...ids].map((id) => this.#evaluations(id)));
    await this.#storage.remove(["runs", run]);
    await this.#mirror?.remove(run);
    if (others.some(({ finished }) => !finished)) return;
    const needed = new Set(others.flatMap(({ evidence, selected }) => [...evidence, ...selected]));
    // Last: a run without its evaluations would score them again.
    for (const address of own.selected) if (!needed.has(address)) await this.#storage.remove(keyOf(address));
  }

  /** Addresses of the evidence that its searcher was told, and of what was selected from, probes and validation pictures. */
  async #evaluations(run: string) {
    const [record, result] = await Promise.all([this.#newest(run), this.result(run)]);
    const told = (generation: boolean) =>
      (record?.rounds ?? []).filter((round) => round.generation === generation).flatMap((round) => round.told);
    const selected = new Set([...told(true), ...(result ? validationsOf(result) : [])]);
    return { finished: !record || isFinished(record, result), evidence: told(false), selected };
  }

  async #newest(run: string): Promise<Slot | undefined> {
    const bytes = await this.#storage.getMany(SLOTS.map((slot) => ["runs", run, "slot", slot]));
    const slots = await Promise.all(bytes.map((slot) => unsealJson<Slot>(slot)));
    const sound = slots.filter((slot) => slot?.version === VERSION);
    return sound.reduce((newer, slot) => (!newer || (slot && slot.number > newer.number) ? slot : newer), undefined);
  }
}
