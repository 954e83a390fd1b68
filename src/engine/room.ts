// Whether storage has room for what is about to be written. What is stored already needs none.

import { recordBytes } from "../core/cost.ts";
import { StudioError } from "../core/errors.ts";
import type { Bytes } from "../core/tensor.ts";
import type { DenoiserSpec } from "../models/model.ts";
import { pruners } from "../pruners/index.ts";
import type { Storage } from "../storage/storage.ts";
import type { Division } from "./api.ts";
import { Bank } from "./bank.ts";
import { bankIndex } from "./bank-request.ts";
import { banksOf, calibrateRequest, type Experiment } from "./experiment.ts";
import type { LoadedModel } from "./load.ts";

/** Something that will be written. */
export interface Claim {
  /** For the message: "bank 3f…". */
  readonly what: string;
  readonly needed: Bytes;
}

/** What a bank still lacks in storage, seals and names left out. */
export async function claimOf(bank: Bank, { layers }: DenoiserSpec): Promise<Claim> {
  const { recipe } = bank;
  const pruner = pruners.get(recipe.pruner.id);
  const secondOrder = pruner.needs.includes("gram");
  const bytesOf = (name: string): Bytes => {
    const layer = layers.find((known) => known.name === name);
    // Of a depth pruner the order of blocks is all that is stored of a stage.
    if (!layer) return recipe.maxLevel * Int32Array.BYTES_PER_ELEMENT;
    return recordBytes(layer, recipe.maxLevel, secondOrder, recipe.storage === "f16");
  };
  const absent = await bank.absent();
  return { what: `bank ${bank.id}`, needed: absent.reduce((sum, name) => sum + bytesOf(name), 0) };
}

/** Of a search's own bank, then of MosaicDiff's. */
export function searchClaims(
  model: LoadedModel,
  experiment: Experiment,
  storage: Storage,
): Promise<readonly [Claim, Claim]> {
  const claimFor = (division: Division) =>
    claimOf(new Bank(storage, bankIndex(model, calibrateRequest(experiment, division))), model.spec);
  const [own, mosaic] = banksOf(experiment);
  const named = async (): Promise<Claim> => {
    const claim = await claimFor(mosaic);
    return { ...claim, what: `MosaicDiff's ${claim.what}` };
  };
  return Promise.all([claimFor(own), named()]);
}

/** Finds out before the work what storage would say after it. @throws storage-full naming the first claim without room */
export async function checkRoom(storage: Storage, claims: readonly Claim[]): Promise<void> {
  let free = await storage.freeBytes();
  if (free === undefined) return;
  for (const { what, needed } of claims) {
    const missing = needed - free;
    if (missing > 0) {
      const [wanted, left, short] = [needed, free, missing].map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`);
      throw new StudioError(
        "storage-full",
        `${what}: ${wanted} are to be written, ${left} are free for it, ${short} are missing; remove banks or runs that are not needed, or free some space`,
        { needed, free, missing },
      );
    }
    free -= needed;
  }
}
