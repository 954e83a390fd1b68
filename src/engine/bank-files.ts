// A bank as files: one safetensors file per stage and bank.json, which says what made the bank and what every record must
// be. Both ways go stage by stage, so that no more than one is held.

import { at, StudioError } from "../core/errors.ts";
import { boundariesOf } from "../core/levels.ts";
import { BANK_INDEX, bankId, type ExportedIndex, parseBankIndex } from "../formats/bank-index.ts";
import type { PrunableLayer } from "../models/model.ts";
import type { Storage } from "../storage/storage.ts";
import type { ExportEvent, ImportRequest, On, Progress } from "./api.ts";
import { Bank, bankLock } from "./bank.ts";
import {
  type BankRecord,
  decodeRecords,
  encodeRecords,
  type OpenedRecord,
  type Parts,
  recordOf,
  sealRecord,
} from "./bank-record.ts";
import { bankIndex, checkDivision } from "./bank-request.ts";
import type { LoadedModel } from "./load.ts";
import { checkRoom } from "./room.ts";
import { sealOf } from "./seal.ts";
import { inTurn } from "./turn.ts";

type ExportedStage = ExportedIndex["stages"][number];

/** Ends with bank.json: files without it are no bank. @throws missing-data when the bank is not whole */
export async function exportBank(bank: Bank, on: On<ExportEvent>, signal: AbortSignal): Promise<void> {
  const { id, recipe, records, numStages } = bank;
  const stages: ExportedStage[] = [];
  for (let stage = 0; stage < numStages; stage++) {
    signal.throwIfAborted();
    const found = await bank.contents(stage);
    const lacking = records.filter((name) => !found.has(name));
    if (lacking.length > 0)
      throw new StudioError(
        "missing-data",
        `bank ${id}: stage ${stage} lacks ${lacking.length} of ${records.length} records (${lacking[0]}); calibrate again, which makes what is missing`,
      );
    const ordered = records.map((name) => [name, found.get(name) as OpenedRecord] as const);
    const bytes = encodeRecords(ordered.map(([name, { parts }]) => [name, parts]));
    const file = `stage-${stage}.safetensors`;
    const checksums = Object.fromEntries(ordered.map(([name, { sha256 }]) => [name, sha256]));
    stages.push({ file, bytes: bytes.byteLength, records: checksums });
    on({ type: "file", name: file, bytes });
    on({ type: "progress", phase: "export", label: `Wrote ${file}`, done: stage + 1, total: numStages });
  }
  const index: ExportedIndex = { id, recipe, stages };
  const bytes = new TextEncoder().encode(`${JSON.stringify(index, undefined, 2)}\n`);
  on({ type: "file", name: BANK_INDEX, bytes });
}

/**
 * Stores what `exportBank` gave. Every record is checked before it is stored; stages before a damaged one stay, as after
 * an interrupted calibration, and calibrating makes the rest.
 * @throws missing-data for a file that is not there, corrupt-data for one that is not what was exported, invalid-input for
 *   a bank of another model, storage-full
 */
export async function importBank(
  storage: Storage,
  model: LoadedModel,
  { files }: ImportRequest,
  on: On<Progress>,
  signal: AbortSignal,
): Promise<Bank> {
  const named = new Map(files.map(({ name, data }) => [name, data]));
  const find = (name: string) => {
    const found = named.get(name);
    if (found) return found;
    throw new StudioError("missing-data", `${name}: is not among the ${files.length} files; give all of the export`);
  };
  const read = async (name: string) => new Uint8Array(await find(name).arrayBuffer());
  const index = parseBankIndex(await read(BANK_INDEX));
  const records = await within(BANK_INDEX, () => checkIndex(index, model));
  for (const { file, bytes } of index.stages) {
    const { size } = find(file);
    if (size !== bytes) await within(file, () => refuse(`has ${size} bytes, ${BANK_INDEX} says ${bytes}`));
  }

  const { stages } = index;
  const bank = await Bank.start(storage, { recipe: index.recipe, records });
  const needed = stages.reduce((sum, { bytes }) => sum + bytes, 0);
  await checkRoom(storage, [{ what: `bank ${bank.id}`, needed }]);
  const store = async () => {
    for (const [stage, exported] of stages.entries()) {
      signal.throwIfAborted();
      const bytes = await read(exported.file);
      const found = await within(exported.file, () => openStage(exported, bytes, records, model));
      for (const [name, parts] of found) await bank.writeParts(stage, name, parts);
      const label = `Stored ${exported.file}`;
      on({ type: "progress", phase: "import", label, done: stage + 1, total: stages.length });
    }
    await bank.finish();
  };
  const say = async (): Promise<Progress> => {
    const label = "Another tab or process is making this bank";
    return { type: "progress", phase: "import", label, done: await bank.stored(), total: 1 };
  };
  await inTurn(storage.exclusive, bankLock(bank.id), store, say, on, signal);
  return bank;
}

/**
 * Whether it is an index of a bank for this model, made as this version makes it.
 * @returns names of the records of each stage
 */
function checkIndex({ id, recipe, stages }: ExportedIndex, model: LoadedModel): readonly string[] {
  const made = bankId(recipe);
  if (made !== id) refuse(`says it is bank ${id}, but its recipe makes bank ${made}`);
  if (recipe.model !== model.card.id)
    throw new StudioError(
      "invalid-input",
      `bank ${id} is of model ${recipe.model}, the loaded one is ${model.card.id} (${model.card.name}); load the model that it was made for`,
      { bank: id, model: model.card.id },
    );
  checkDivision(recipe.division, model.noise.timesteps, refuse);
  const { calibration, items, seed } = recipe;
  const expected = bankIndex(model, recipe);
  const known: Record<string, unknown> = { ...expected.recipe, calibration, items, seed };
  for (const [field, value] of Object.entries(recipe))
    if (JSON.stringify(known[field]) !== JSON.stringify(value))
      refuse(`recipe.${field} is ${JSON.stringify(value)}, expected ${JSON.stringify(known[field])}`);
  if (stages.length !== recipe.division.length)
    refuse(`has ${stages.length} stages, its recipe ${recipe.division.length}`);
  return expected.records;
}

/** The records of one stage, checked. */
async function openStage(
  { records }: ExportedStage,
  bytes: Uint8Array,
  names: readonly string[],
  model: LoadedModel,
): Promise<ReadonlyMap<string, Parts>> {
  const found = decodeRecords(bytes);
  for (const held of [Object.keys(records), [...found.keys()]])
    if (held.toSorted().join() !== names.toSorted().join())
      refuse(`has records ${held.join(", ")}, expected ${names.join(", ")}`);
  for (const [name, parts] of found) {
    const checksum = sealOf(await sealRecord(name, parts));
    if (checksum !== records[name]) refuse(`${name} has checksum ${checksum}, ${BANK_INDEX} says ${records[name]}`);
    checkRecord(recordOf(name, parts), name, model);
  }
  return found;
}

/** Whether its numbers address this model's columns or blocks. */
function checkRecord(record: BankRecord, name: string, { spec }: LoadedModel): void {
  if (record instanceof Int32Array) {
    const blocks = [...record].sort((a, b) => a - b);
    if (blocks.length !== spec.depth || blocks.some((block, place) => block !== place))
      refuse(`${name} is no order of ${spec.depth} blocks`);
    return;
  }
  const { columns, groupSize } = spec.layers.find((layer) => layer.name === name) as PrunableLayer;
  const expected = boundariesOf(columns, groupSize, spec.heads);
  if (record.groupSize !== groupSize || record.boundaries.join() !== expected.join())
    refuse(`${name} has levels [${record.boundaries.join(", ")}], expected [${expected.join(", ")}]`);
}

function refuse(what: string): never {
  throw new StudioError("corrupt-data", `${what}; copy or export the files again`);
}

/** What is wrong in `work` is said of this file. */
async function within<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw at(file, error);
  }
}
