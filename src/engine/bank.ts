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

/** A bank in storage, read stage by stage and kept in memory once read. */
export class Bank {
  readonly id: string;
  readonly recipe: BankRecipe;
  readonly #storage: Storage;
  readonly #stages = new Map<StageIndex, StageRecord>();
  #bytes: Bytes = 0;

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
    const known = this.#stages.get(stage);
    if (known) return known;
    const sealed = await this.#storage.get(this.#key(stage));
    const bytes = sealed && unseal(sealed);
    if (!bytes) return undefined;
    const record = decodeStage(bytes);
    this.#stages.set(stage, record);
    this.#bytes += sealed.byteLength;
    return record;
  }

  /** Writes one stage, whole or not at all. @throws storage-full */
  async write(stage: StageIndex, record: StageRecord): Promise<void> {
    const sealed = seal(encodeStage(record));
    const recipe = new TextEncoder().encode(JSON.stringify(this.recipe));
    await this.#storage.put([
      [["bank", this.id, "recipe"], recipe],
      [this.#key(stage), sealed],
    ]);
    this.#stages.set(stage, record);
    this.#bytes += sealed.byteLength;
  }

  card(reused: boolean, elapsed: number): BankCard {
    const { pruner, division, maxLevel } = this.recipe;
    return { id: this.id, pruner, division, maxLevel, bytes: this.#bytes, reused, elapsed };
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

/** Appends a SHA-256, so that a torn or damaged record is recognised. */
function seal(bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(bytes.byteLength + SEAL_BYTES);
  sealed.set(bytes);
  sealed.set(digest(bytes), bytes.byteLength);
  return sealed;
}

function unseal(sealed: Uint8Array): Uint8Array | undefined {
  const bytes = sealed.subarray(0, Math.max(0, sealed.byteLength - SEAL_BYTES));
  const expected = digest(bytes);
  return expected.every((byte, index) => byte === sealed[bytes.byteLength + index]) ? bytes : undefined;
}

const SEAL_BYTES = 32;
function digest(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(sha256(bytes).match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
}
