// What a calibration is asked for: whether it can be done, and which bank comes of it.

import { StudioError } from "../core/errors.ts";
import { maxLevelOf } from "../core/levels.ts";
import { checkOptions } from "../core/options.ts";
import { BANK_FORMAT, type BankRecipe } from "../formats/bank-index.ts";
import { sha256 } from "../formats/hash.ts";
import { pruners } from "../pruners/index.ts";
import type { CalibrateRequest, CalibrationStage, Division } from "./api.ts";
import type { BankIndex } from "./bank.ts";
import { BLOCKS } from "./bank-record.ts";
import type { LoadedModel } from "./load.ts";

/** Which bank a request asks for. @throws unknown-method, invalid-option */
export function bankIndex(model: LoadedModel, request: CalibrateRequest): BankIndex {
  const pruner = pruners.get(request.pruner.id);
  const ownLatents = model.calibration && !request.dataFree;
  const evidence =
    pruner.needs.length === 0
      ? { calibration: "none", items: 0, seed: 0 }
      : {
          calibration: request.given ? hashOf(request.given) : ownLatents ? "model" : "samples",
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

/** @throws invalid-input, shape-mismatch */
export function checkRequest(
  { division, items, given, dataFree }: CalibrateRequest,
  { spec, noise }: LoadedModel,
): void {
  const refuse = (what: string, code: "invalid-input" | "shape-mismatch" = "invalid-input"): never => {
    throw new StudioError(code, `calibrate: ${what}`);
  };
  checkDivision(division, noise.timesteps, refuse);
  if (!given) {
    if (!(Number.isInteger(items) && items >= 1)) refuse(`${items} items per stage; use at least 1`);
    return;
  }
  if (dataFree) refuse("latents are given, and the model's own samples asked for; choose one");
  if (given.length !== division.length)
    refuse(`latents of ${given.length} stages for a division of ${division.length}`);
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

function hashOf(given: readonly CalibrationStage[]): string {
  const bytesOf = (data: Float32Array | Int32Array) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return sha256(given.flatMap(({ x, t, y }) => [bytesOf(x.data), bytesOf(t), bytesOf(y)]));
}
