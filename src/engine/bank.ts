// The bank: all factors (or orders) of one model, pruner and division, in storage. Its id is a hash of everything that
// made it, so a bank that does not match is never used. Each record is stored by itself, sealed, as soon as it is made: a
// kill loses what was being made, and a damaged record is as good as absent and is made again.

import { StudioError } from "../core/errors.ts";
import type { Factor } from "../core/factor.ts";
import type { Bytes, Ratio, StageIndex } from "../core/tensor.ts";
import { type BankRecipe, bankId } from "../formats/bank-index.ts";
import type { Key, Storage } from "../storage/storage.ts";
import type { BankCard, StorageError } from "./api.ts";
import {
  type BankRecord,
  type OpenedRecord,
  openRecord,
  type Parts,
  partsOf,
  sealRecord,
  storageErrorOf,
} from "./bank-record.ts";
import { seal, unseal } from "./seal.ts";

/** One stage of a width bank: a factor by layer name; of a depth bank: the blocks, least important first. */
export type StageRecord =
  | { readonly kind: "width"; readonly factors: ReadonlyMap<string, Factor> }
  | { readonly kind: "depth"; readonly order: Int32Array };

/** Of what it holds in memory. */
export function stageBytes(record: StageRecord): Bytes {
  if (record.kind === "depth") return record.order.byteLength;
  let bytes = 0;
  for (const { order, lower, constant } of record.factors.values())
    bytes += order.byteLength + lower.byteLength + constant.byteLength;
  return bytes;
}

/** Name of the work that changes a bank: see Storage.exclusive. */
export function bankLock(id: string): string {
  return `bank ${id}`;
}

/** What is stored beside the records. */
export interface BankIndex {
  readonly recipe: BankRecipe;
  /** Names of the records of each stage. */
  readonly records: readonly string[];
  /** Of half precision, once nothing is missing. */
  readonly storageError?: StorageError;
}

/** The banks that a storage holds, whole or in part. */
export async function listBanks(storage: Storage): Promise<readonly Bank[]> {
  const ids = new Set((await storage.list(["bank"])).map((key) => String(key[1])));
  const banks = await Promise.all([...ids].map((id) => Bank.open(storage, id)));
  return banks.filter((bank) => bank !== undefined);
}

/** @throws busy while it is being made */
export async function removeBank(storage: Storage, id: string): Promise<void> {
  const busy = new AbortController();
  const message = `bank ${id}: another tab or process is making it; stop that or wait`;
  const onWait = () => busy.abort(new StudioError("busy", message));
  await storage.exclusive(bankLock(id), () => storage.remove(["bank", id]), busy.signal, onWait);
}

/** Records of one stage by name: those that are there and sound. */
export type StageContents = ReadonlyMap<string, OpenedRecord>;

/** A bank in storage. Stages are read when they are asked for; the router keeps those that it uses. */
export class Bank {
  readonly id: string;
  #index: BankIndex;
  readonly #storage: Storage;
  readonly #reading = new Map<StageIndex, Promise<StageContents>>();
  /** Of each record that was read or written. */
  readonly #errors = new Map<string, StorageError>();
  /** The index that storage holds, as text. */
  #storedIndex: string | undefined;

  constructor(storage: Storage, index: BankIndex) {
    this.#storage = storage;
    this.#index = index;
    this.id = bankId(index.recipe);
  }

  /** The bank with this id, or undefined when storage has no such bank or its index is damaged. */
  static async open(storage: Storage, id: string): Promise<Bank | undefined> {
    const sealed = await storage.get(["bank", id, "index"]);
    const bytes = sealed && (await unseal(sealed));
    if (!bytes) return undefined;
    const text = new TextDecoder().decode(bytes);
    const bank = new Bank(storage, JSON.parse(text) as BankIndex);
    bank.#storedIndex = text;
    return bank.id === id ? bank : undefined;
  }

  /** The bank of this index, whatever storage holds of it. */
  static async start(storage: Storage, index: BankIndex): Promise<Bank> {
    return (await Bank.open(storage, bankId(index.recipe))) ?? new Bank(storage, index);
  }

  get recipe(): BankRecipe {
    return this.#index.recipe;
  }

  /** Names of the records of each stage. */
  get records(): readonly string[] {
    return this.#index.records;
  }

  get numStages(): number {
    return this.recipe.division.length;
  }

  /** Undefined when a record of the stage was never written or is damaged. */
  async stage(stage: StageIndex): Promise<StageRecord | undefined> {
    return stageOf(this.records, await this.contents(stage));
  }

  /** Records of the stage that were never written or are damaged. */
  async missing(stage: StageIndex): Promise<readonly string[]> {
    const found = await this.contents(stage);
    return this.records.filter((name) => !found.has(name));
  }

  /** Who asks for a stage that is being read waits for the same reading. */
  contents(stage: StageIndex): Promise<StageContents> {
    const reading = this.#reading.get(stage) ?? this.#read(stage).finally(() => this.#reading.delete(stage));
    this.#reading.set(stage, reading);
    return reading;
  }

  /** Writes one record, whole or not at all. @throws storage-full */
  async write(stage: StageIndex, name: string, record: BankRecord): Promise<void> {
    await this.writeParts(stage, name, partsOf(record, this.recipe.storage === "f16"));
  }

  /** The same for what was taken from a bank like this one. */
  async writeParts(stage: StageIndex, name: string, parts: Parts): Promise<void> {
    await this.#put([[this.#key(stage, name), await sealRecord(name, parts)]]);
    this.#errors.set(`${stage}/${name}`, storageErrorOf(parts));
  }

  /**
   * To be called once nothing is missing and all was read or written: makes the index good, which may have been damaged.
   * @throws storage-full
   */
  async finish(): Promise<void> {
    const storageError = worst([...this.#errors.values()]);
    if (this.recipe.storage === "f16") this.#index = { ...this.#index, storageError };
    await this.#put([]);
  }

  /** Names of the records, of all stages, that storage has not, damaged or not; nothing is read. */
  async absent(): Promise<readonly string[]> {
    const keys = await this.#storage.list(["bank", this.id, "record"]);
    const stored = new Set(keys.map(([, , , stage, name]) => `${stage}/${name}`));
    const stages = Array.from({ length: this.numStages }, (_, stage) => stage);
    return stages.flatMap((stage) => this.records.filter((name) => !stored.has(`${stage}/${name}`)));
  }

  /** Share of its records that are stored, damaged or not. */
  async stored(): Promise<Ratio> {
    return 1 - (await this.absent()).length / (this.numStages * this.records.length);
  }

  async card(): Promise<BankCard> {
    const { model, pruner, division, maxLevel, items, storage = "f32" } = this.recipe;
    const { storageError } = this.#index;
    const stored = await this.stored();
    return {
      id: this.id,
      model,
      pruner,
      division,
      maxLevel,
      items,
      storage,
      ...(storageError && { storageError }),
      bytes: await this.#storage.size(["bank", this.id]),
      stored,
      whole: stored === 1,
    };
  }

  async #read(stage: StageIndex): Promise<StageContents> {
    const { records } = this;
    const sealed = await this.#storage.getMany(records.map((name) => this.#key(stage, name)));
    const found = new Map<string, OpenedRecord>();
    const open = async (name: string, bytes: Uint8Array | undefined) => {
      const opened = bytes && (await openRecord(name, bytes));
      if (!opened) return;
      found.set(name, opened);
      this.#errors.set(`${stage}/${name}`, storageErrorOf(opened.parts));
    };
    await Promise.all(records.map((name, place) => open(name, sealed[place])));
    return found;
  }

  /** Writes the entries, and the index with them when storage has another one. */
  async #put(entries: readonly (readonly [Key, Uint8Array])[]): Promise<void> {
    const text = JSON.stringify(this.#index);
    if (text === this.#storedIndex) {
      if (entries.length > 0) await this.#storage.put(entries);
      return;
    }
    const index = await seal(new TextEncoder().encode(text));
    await this.#storage.put([[["bank", this.id, "index"], index], ...entries]);
    this.#storedIndex = text;
  }

  #key(stage: StageIndex, name: string): Key {
    return ["bank", this.id, "record", stage, name];
  }
}

/** Each figure of the record where it is largest. */
function worst(errors: readonly StorageError[]): StorageError {
  return {
    max: Math.max(...errors.map(({ max }) => max)),
    rms: Math.max(...errors.map(({ rms }) => rms)),
    wide: errors.reduce((sum, { wide }) => sum + wide, 0),
  };
}

/** Undefined when a record is missing. */
function stageOf(names: readonly string[], found: StageContents): StageRecord | undefined {
  const factors = new Map<string, Factor>();
  for (const name of names) {
    const opened = found.get(name);
    if (!opened) return undefined;
    if (opened.record instanceof Int32Array) return { kind: "depth", order: opened.record };
    factors.set(name, opened.record);
  }
  return { kind: "width", factors };
}
