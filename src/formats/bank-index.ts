// What says which bank it is: the recipe, whose hash is the bank's id, and bank.json, the index of an exported bank.

import * as z from "zod/mini";
import { sha256Json } from "./hash.ts";
import { parseJsonFile } from "./json-file.ts";

export const BANK_FORMAT = "diff-es-bank/2";
export const BANK_INDEX = "bank.json";

const count = z.int().check(z.positive());
const timestep = z.int().check(z.nonnegative());
const text = z.string().check(z.minLength(1));

/** What makes a bank: two banks are the same exactly when these are. The order of fields is part of the hash. */
const recipe = z.strictObject({
  format: z.literal(BANK_FORMAT),
  /** Id of the model. */
  model: text,
  pruner: z.strictObject({
    id: text,
    options: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  }),
  /** Stages in sampling order. */
  division: z.array(z.strictObject({ high: timestep, low: timestep })).check(z.minLength(1)),
  /**
   * Where the latents came from: the "model"'s own set, its own "samples", or the hash of given ones; "none", with no
   * items and seed 0, for a pruner that looks at weights only.
   */
  calibration: text,
  items: z.int().check(z.nonnegative()),
  seed: z.int(),
  maxLevel: count,
  /** Absent for float32, so that banks made before there was a choice keep their id. */
  storage: z.optional(z.literal("f16")),
});
export type BankRecipe = z.infer<typeof recipe>;

export function bankId(made: BankRecipe): string {
  return sha256Json(made).slice(0, 32);
}

const index = z.looseObject({
  id: text,
  recipe,
  /** In sampling order. */
  stages: z.array(
    z.looseObject({
      file: text,
      bytes: count,
      /** SHA-256 by record: of the safetensors file with that record alone. */
      records: z.record(z.string(), z.string().check(z.regex(/^[0-9a-f]{64}$/, "not 64 hex digits"))),
    }),
  ),
});
export type ExportedIndex = z.infer<typeof index>;

/** @throws corrupt-data naming the first field that is wrong */
export function parseBankIndex(bytes: Uint8Array): ExportedIndex {
  return parseJsonFile(BANK_INDEX, index, bytes);
}
