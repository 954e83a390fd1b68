// calibrate: what the model sees of latents or pictures -> a bank in a folder.

import { StudioError } from "../../core/errors.ts";
import { uniformDivision } from "../../core/schedule.ts";
import type { CalibrationStage } from "../../engine/api.ts";
import { readSafetensors, toFloat32, toInt32 } from "../../formats/safetensors.ts";
import { pruners } from "../../pruners/index.ts";
import { readModelFile } from "../environment.ts";
import { integerIn, type ParsedFlags, shelfFlags, UsageError } from "../flags.ts";
import { readPictures } from "../pictures/folder.ts";
import { withModel } from "../with-model.ts";
import { type Command, modelFlags, ordered, orderFlag, reporter, storageFlag, storageOf } from "./command.ts";

export const calibrate: Command = {
  help: "make a bank of pruned weights for every stage and level",
  flags: {
    ...modelFlags,
    calibration: {
      value: "FILE",
      help: "safetensors: stage{s}.x [K,C,h,w], .t [K], .y [K], already noised; else the model's own latents",
    },
    images: {
      value: "DIR",
      help: "PNG and JPEG files, DIR/CLASS/FILE with a class's name or number, or DIR/FILE of no class",
      check: oneSource,
    },
    "data-free": { help: "calibrate on pictures that the dense model samples itself", check: oneSource },
    items: {
      value: "N",
      default: "128",
      help: "latents per stage, without --calibration",
      check: integerIn(1),
    },
    ...shelfFlags(pruners, "obs", "pruning method"),
    stages: { value: "S", required: true, help: "equal stages of the timesteps", check: integerIn(1) },
    bank: { value: "DIR", required: true, help: "folder for the bank; what it holds already is not computed again" },
    ...storageFlag,
    seed: {
      value: "N",
      default: "0",
      help: "of the timesteps and noise drawn for clean latents, and of which pictures are used",
      check: integerIn(-Infinity),
    },
    ...orderFlag,
  },
  async run(flags, context) {
    const stages = flags.integer("stages");
    return withModel(flags, flags.text("bank"), context, async ({ engine, card }) => {
      const given = flags.has("calibration") ? await readStages(flags, stages) : undefined;
      const [items, seed] = [flags.integer("items"), flags.integer("seed")];
      const draw = { limit: stages * items, seed };
      const pictures = flags.has("images") && (await readPictures(flags.text("images"), card, draw, context));
      return await engine.calibrate(
        {
          pruner: flags.choice(pruners),
          division: uniformDivision(stages, card.timesteps),
          items,
          seed,
          dataFree: flags.on("data-free"),
          storage: storageOf(flags),
          ...(given && { given }),
          ...(pictures && { pictures }),
        },
        reporter(context),
        context.signal,
      );
    });
  },
};

/** What a bank is calibrated on is one thing. */
function oneSource(flags: ParsedFlags): void {
  const named = ["calibration", "images", "data-free"].filter((name) => flags.has(name));
  if (named.length > 1) throw new UsageError(`--${named.join(" and --")} exclude each other; give one`);
}

async function readStages(flags: ParsedFlags, stages: number): Promise<CalibrationStage[]> {
  const path = flags.text("calibration");
  const { tensors } = readSafetensors(await readModelFile(path));
  const read = (stage: number): CalibrationStage => {
    const [x, t, y] = ["x", "t", "y"].map((part) => {
      const entry = tensors.get(`stage${stage}.${part}`);
      if (!entry) throw new StudioError("missing-data", `${path}: has no "stage${stage}.${part}"`);
      return entry;
    }) as [Entry, Entry, Entry];
    const count = x.shape[0];
    if (t.shape.join() !== `${count}` || y.shape.join() !== `${count}` || !count)
      throw new StudioError(
        "shape-mismatch",
        `${path}: stage${stage} has x [${x.shape.join(", ")}], t [${t.shape.join(", ")}], y [${y.shape.join(", ")}]; the first extents must agree`,
      );
    return { x: { shape: x.shape, data: toFloat32(x) }, t: toInt32(t), y: toInt32(y) };
  };
  return ordered(
    flags,
    Array.from({ length: stages }, (_, stage) => read(stage)),
  );
}
type Entry = Parameters<typeof toFloat32>[0];
