// The bank: all factors (or orders) of one model, pruner and division, in storage. Its id is a hash of
// everything that made it, so a bank that does not match is never used; a damaged record is made again.

import { decodeFactor, encodeFactor, type Factor } from "../core/factor.ts";
import type { Division } from "../core/schedule.ts";
import type { AnyTensor, Bytes, Level, StageIndex } from "../core/tensor.ts";
import { sha256 } from "../formats/hash.ts";
import {
  readSafetensors,
  type SafetensorsEntry,
  toFloat32,
  toInt32,
  writeSafetensors,
} from "../formats/safetensors.ts";
import type { Key, Storage } from "../storage/storage.ts";
import type { BankCard, Choice } from "./api.ts";
import { ByteCache } from "./byte-cache.ts";
import { seal, unseal } from "./seal.ts";

/** One stage of a width bank: a factor by layer name; of a depth bank: the blocks, least important first. */
export type StageRecord =
  | { readonly kind: "width"; readonly factors: ReadonlyMap<string, Factor> }
  | { readonly kind: "depth"; readonly order: Int32Array };

/** What makes a bank: two banks are the same exactly when these are. */
export interface BankRecipe {
  readonly format: typeof BANK_FORMAT;
  readonly model: string;
  readonly pruner: Required<Choice>;
  readonly division: Division;
  /**
   * Where the latents came from: the "model"'s own set, its own "samples", or the hash of given ones; "none", with no
   * items and seed 0, for a pruner that looks at weights only.
   */
  readonly calibration: string;
  readonly items: number;
  readonly seed: number;
  readonly maxLevel: Level;
}
export const BANK_FORMAT = "diff-es-bank/1";

export function bankId(recipe: BankRecipe): string {
  return sha256(new TextEncoder().encode(JSON.stringify(recipe))).slice(0, 32);
}

/** The banks that a storage holds. */
export async function listBanks(storage: Storage): Promise<{ readonly id: string; readonly recipe: BankRecipe }[]> {
  const ids = new Set((await storage.list(["bank"])).map((key) => String(key[1])));
  const banks = await Promise.all([...ids].map((id) => Bank.open(storage, id)));
  return banks.filter((bank) => bank !== undefined);
}

/** Ten stages of the demo, which a search visits again and again; of DiT-XL/2 only the one that runs. */
const STAGE_BYTES: Bytes = 160 * 2 ** 20;

/** A bank in storage. Stages are read when they are asked for; the last few stay in memory. */
export class Bank {
  readonly id: string;
  readonly recipe: BankRecipe;
  readonly #storage: Storage;
  readonly #stages = new ByteCache<StageRecord>(STAGE_BYTES);
  readonly #reading = new Map<StageIndex, Promise<StageRecord | undefined>>();
  /** Stored size of each stage that was read or written. */
  readonly #bytes = new Map<StageIndex, Bytes>();

  constructor(storage: Storage, recipe: BankRecipe) {
    this.#storage = storage;
    this.recipe = recipe;
    this.id = bankId(recipe);
  }

  /** The bank with this id, or undefined when storage has no such bank or its recipe is damaged. */
  static async open(storage: Storage, id: string): Promise<Bank | undefined> {
    const bytes = await storage.get(["bank", id, "recipe"]);
    if (!bytes) return undefined;
    try {
      const bank = new Bank(storage, JSON.parse(new TextDecoder().decode(bytes)) as BankRecipe);
      return bank.id === id ? bank : undefined;
    } catch {
      return undefined;
    }
  }

  get numStages(): number {
    return this.recipe.division.length;
  }

  /** Undefined when the stage was never written or its record is damaged. */
  async stage(stage: StageIndex): Promise<StageRecord | undefined> {
    const known = this.#stages.get(String(stage));
    if (known) return known;
    const reading = this.#reading.get(stage) ?? this.#read(stage).finally(() => this.#reading.delete(stage));
    this.#reading.set(stage, reading);
    return reading;
  }

  /** Writes one stage, whole or not at all. @throws storage-full */
  async write(stage: StageIndex, record: StageRecord): Promise<void> {
    const sealed = await seal(encodeStage(record));
    const recipe = new TextEncoder().encode(JSON.stringify(this.recipe));
    await this.#storage.put([
      [["bank", this.id, "recipe"], recipe],
      [this.#key(stage), sealed],
    ]);
    this.#keep(stage, record, sealed.byteLength);
  }

  card(reused: boolean, elapsed: number): BankCard {
    const { pruner, division, maxLevel } = this.recipe;
    const bytes = [...this.#bytes.values()].reduce((sum, stage) => sum + stage, 0);
    return { id: this.id, pruner, division, maxLevel, bytes, reused, elapsed };
  }

  async #read(stage: StageIndex): Promise<StageRecord | undefined> {
    const sealed = await this.#storage.get(this.#key(stage));
    const bytes = sealed && (await unseal(sealed));
    if (!bytes) return undefined;
    const record = decodeStage(bytes);
    this.#keep(stage, record, sealed.byteLength);
    return record;
  }

  #keep(stage: StageIndex, record: StageRecord, bytes: Bytes): void {
    this.#stages.set(String(stage), record, bytes);
    this.#bytes.set(stage, bytes);
  }

  #key(stage: StageIndex): Key {
    return ["bank", this.id, "stage", stage];
  }
}

function encodeStage(record: StageRecord): Uint8Array {
  if (record.kind === "depth")
    return writeSafetensors([["order", { shape: [record.order.length], data: record.order }]]);
  const entries = [...record.factors].flatMap(([layer, factor]) =>
    Object.entries(encodeFactor(factor)).map(([part, value]) => [`${layer}/${part}`, value] as const),
  );
  return writeSafetensors(entries);
}

/** Float and integer records are told apart by their type in the file. */
function typed(entry: SafetensorsEntry): AnyTensor {
  const { shape } = entry;
  return entry.dtype === "I32" ? { shape, data: toInt32(entry) } : { shape, data: toFloat32(entry) };
}

function decodeStage(bytes: Uint8Array): StageRecord {
  const { tensors } = readSafetensors(bytes);
  const order = tensors.get("order");
  if (order) return { kind: "depth", order: toInt32(order) };
  const layers = new Map<string, Record<string, AnyTensor>>();
  for (const [name, entry] of tensors) {
    const slash = name.lastIndexOf("/");
    const layer = name.slice(0, slash);
    const parts = layers.get(layer) ?? {};
    parts[name.slice(slash + 1)] = typed(entry);
    layers.set(layer, parts);
  }
  return { kind: "width", factors: new Map([...layers].map(([layer, parts]) => [layer, decodeFactor(parts)])) };
}
