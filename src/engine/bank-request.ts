// What a calibration is asked for: whether it can be done, and which bank comes of it.

import { type ErrorCode, StudioError } from "../core/errors.ts";
import { maxLevelOf } from "../core/levels.ts";
import { checkOptions } from "../core/options.ts";
import type { TensorData } from "../core/tensor.ts";
import { BANK_FORMAT, type BankRecipe } from "../formats/bank-index.ts";
import { sha256 } from "../formats/hash.ts";
import { pruners } from "../pruners/index.ts";
import type { CalibrateRequest, CalibrationPictures, CalibrationStage, Division, ModelCard } from "./api.ts";
import type { BankIndex } from "./bank.ts";
import { BLOCKS } from "./bank-record.ts";
import type { LoadedModel } from "./load.ts";

/** Which bank a request asks for. @throws unknown-method, invalid-option */
export function bankIndex(model: LoadedModel, request: CalibrateRequest): BankIndex {
  const pruner = pruners.get(request.pruner.id);
  const evidence =
    pruner.needs.length === 0
      ? { calibration: "none", items: 0, seed: 0 }
      : {
          calibration: calibrationOf(model, request),
          items: request.given ? (request.given[0]?.t.length ?? 0) : request.items,
          seed: request.seed,
        };
  const recipe: BankRecipe = {
    format: BANK_FORMAT,
    model: model.card.id,
    pruner: {
      id: request.pruner.id,
      options: checkOptions(request.pruner.id, pruner.options, request.pruner.options),
    },
    division: request.division.map(({ high, low }) => ({ high, low })),
    ...evidence,
    maxLevel: maxLevelOf(model.spec, pruner.kind),
    // Without triangles there is nothing to halve.
    ...(request.storage === "f16" && pruner.needs.includes("gram") && { storage: "f16" }),
  };
  const records = pruner.kind === "width" ? model.spec.layers.map(({ name }) => name) : [BLOCKS];
  return { recipe, records };
}

/** What tells one calibration set from another: the hash of what was given, else where the model's own comes from. */
function calibrationOf(model: LoadedModel, { given, pictures, dataFree }: CalibrateRequest): string {
  if (given) return hashOf(given.flatMap(({ x, t, y }) => [x.data, t, y]));
  if (pictures) return hashOf([pictures.pixels.data, pictures.labels]);
  return model.calibration && !dataFree ? "model" : "samples";
}

/** @throws invalid-input, shape-mismatch, missing-data */
export function checkRequest(
  { division, items, given, pictures, dataFree }: CalibrateRequest,
  model: LoadedModel,
): void {
  checkDivision(division, model.noise.timesteps, refuse);
  const sources = [given && "noised latents", pictures && "pictures", dataFree && "the model's own samples"];
  const chosen = sources.filter(Boolean);
  if (chosen.length > 1) refuse(`${chosen.join(" and ")} to calibrate on; choose one`);
  if (given) checkGiven(given, division.length, model);
  else if (!(Number.isInteger(items) && items >= 1)) refuse(`${items} items per stage; use at least 1`);
  if (pictures) checkPictures(pictures, model);
}

/** @throws missing-data when the model takes no pictures */
export function checkEncoder({ name, hasEncoder }: ModelCard): void {
  if (!hasEncoder) refuse(`${name} has no encoder, so it takes no pictures; give noised latents`, "missing-data");
}

function checkPictures({ pixels, labels }: CalibrationPictures, { card, spec }: LoadedModel): void {
  checkEncoder(card);
  const expected = [labels.length, 3, card.imageSize, card.imageSize];
  if (labels.length === 0 || pixels.shape.join() !== expected.join())
    refuse(
      `pictures are [${pixels.shape.join(", ")}] with ${labels.length} labels; give as many of each, pictures [n, ${expected.slice(1).join(", ")}]`,
      "shape-mismatch",
    );
  const wrong = labels.find((label) => label < 0 || label > spec.numClasses);
  if (wrong !== undefined) refuse(`a picture has label ${wrong}; use 0 … ${spec.numClasses}`);
}

function checkGiven(given: readonly CalibrationStage[], stages: number, { spec, noise }: LoadedModel): void {
  if (given.length !== stages) refuse(`latents of ${given.length} stages for a division of ${stages}`);
  const { channels, height, width } = spec.latent;
  for (const [stage, { x, t, y }] of given.entries()) {
    const expected = [t.length, channels, height, width];
    if (t.length === 0 || y.length !== t.length || x.shape.join() !== expected.join())
      refuse(
        `stage ${stage} has latents [${x.shape.join(", ")}] with ${t.length} timesteps and ${y.length} labels; give as many of each, latents [n, ${expected.slice(1).join(", ")}]`,
        "shape-mismatch",
      );
    if (
      t.some((timestep) => timestep < 0 || timestep >= noise.timesteps) ||
      y.some((label) => label < 0 || label > spec.numClasses)
    )
      refuse(
        `stage ${stage} has a timestep outside 0 … ${noise.timesteps - 1} or a label outside 0 … ${spec.numClasses}`,
      );
  }
}

function refuse(what: string, code: ErrorCode = "invalid-input"): never {
  throw new StudioError(code, `calibrate: ${what}`);
}

/** Calls `refuse` unless the stages follow each other from the noisiest timestep to 0. */
export function checkDivision(division: Division, timesteps: number, refuse: (what: string) => never): void {
  let next = timesteps - 1;
  for (const [stage, { high, low }] of division.entries()) {
    if (high !== next || low > high)
      refuse(`stage ${stage} holds timesteps ${high} … ${low}, but ${next} comes next; leave no gap`);
    next = low - 1;
  }
  if (next !== -1) refuse(`no stage holds timesteps ${next} … 0; cover ${timesteps - 1} … 0`);
}

function hashOf(values: readonly TensorData[]): string {
  return sha256(values.map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}
