// What a command is, and the flags and conversions that several commands share.

import { access } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import { reversed } from "../../core/schedule.ts";
import type { BankStorage, Choice, ModelCard, ModelSource, Progress } from "../../engine/api.ts";
import type { Backend } from "../../runtime/runtime.ts";
import { samplers } from "../../samplers/index.ts";
import { readModelFile } from "../environment.ts";
import { choiceFlag, type Flags, integerIn, numberIn, type ParsedFlags, shelfFlags } from "../flags.ts";

export interface Context {
  readonly signal: AbortSignal;
  /** One line for a person, on stderr. */
  readonly report: (line: string) => void;
}

export interface Command {
  readonly help: string;
  readonly flags: Flags;
  /** The flag whose name may be left out when its value comes first: `bench routing`. */
  readonly subject?: string;
  /** Printed on stdout: text as it is, anything else as JSON. */
  run(flags: ParsedFlags, context: Context): Promise<unknown>;
}

/** What `search` leaves in its folder. */
export const RESULT = "result.json";

const BACKENDS = ["cpu", "wasm", "webgpu"] as const satisfies readonly Backend[];

export const modelFileFlags: Flags = {
  model: {
    value: "DIR|FILE.safetensors",
    required: true,
    help: "a folder with manifest.json, or a bare DiT state dict",
  },
  heads: { value: "N", help: "attention heads, when the file alone does not tell", check: integerIn(1) },
  "guided-channels": {
    value: "N",
    help: "latent channels that guidance moves (a bare DiT: 3)",
    check: integerIn(0),
  },
};

export const modelFlags: Flags = {
  ...modelFileFlags,
  backend: choiceFlag(BACKENDS, { default: "cpu", help: "cpu is onnxruntime-node" }),
  threads: { value: "N", help: "threads of the backend", check: integerIn(1) },
};

export const guidanceFlag: Flags = {
  cfg: { value: "X", help: "guidance scale; 1 is none [the model's own]", check: numberIn(1) },
};

export const samplerFlags: Flags = shelfFlags(samplers, undefined, "solver [the model's own]");

export const orderFlag: Flags = {
  "reference-order": { help: "levels and stages count from the low timesteps, as in the authors' files" },
};

export const storageFlag: Flags = {
  storage: choiceFlag(["f32", "f16"] satisfies BankStorage[], {
    default: "f32",
    help: "f16 stores factors in half the room; the result says what that costs (storageError)",
  }),
};

/** Undefined for the default: requests from before there was a choice stay the same runs. */
export function storageOf(flags: ParsedFlags): BankStorage | undefined {
  return flags.text("storage") === "f16" ? "f16" : undefined;
}

/** @throws missing-data when there is no such model */
export async function modelSource(flags: ParsedFlags): Promise<ModelSource> {
  const path = flags.text("model");
  const guidedChannels = flags.has("guided-channels") ? flags.integer("guided-channels") : undefined;
  if (!path.endsWith(".safetensors")) {
    await readGivenModel(join(path, "manifest.json"));
    return { kind: "bundle", base: path, guidedChannels };
  }
  const heads = flags.has("heads") ? flags.integer("heads") : undefined;
  return { kind: "file", name: path, bytes: await readGivenModel(path), heads, guidedChannels };
}

async function readGivenModel(path: string): Promise<Uint8Array> {
  try {
    return await readModelFile(path);
  } catch (error) {
    const { code, message } = error as StudioError;
    const expected = "--model takes a folder with manifest.json, or a FILE.safetensors";
    throw new StudioError(code, `${message}; ${expected}`, {}, { cause: error });
  }
}

/** As the user asks, else as the model was made for. */
export function samplerOf(flags: ParsedFlags, card: ModelCard): Choice {
  return flags.choice(samplers, undefined, flags.optional("sampler") ?? card.samplers[0]);
}

export function guidanceOf(flags: ParsedFlags, card: ModelCard): number {
  return flags.has("cfg") ? flags.number("cfg") : card.defaults.guidance;
}

export function backendOf(flags: ParsedFlags): Backend {
  return flags.text("backend") as Backend; // checked by its flag
}

export function threadsOf(flags: ParsedFlags): number | undefined {
  return flags.has("threads") ? flags.integer("threads") : undefined;
}

/** To and from the order that the user asked for; sampling order unless --reference-order. */
export function ordered<T>(flags: ParsedFlags, stages: readonly T[]): T[] {
  return flags.on("reference-order") ? reversed(stages) : [...stages];
}

/** @throws invalid-input naming the files */
export async function refuseExisting(out: string, names: readonly string[]): Promise<void> {
  const found = await Promise.all(
    names.map((name) =>
      access(join(out, name)).then(
        () => name,
        () => undefined,
      ),
    ),
  );
  const existing = found.filter((name) => name !== undefined);
  if (existing.length === 0) return;
  throw new StudioError(
    "invalid-input",
    `${out}: has ${existing.join(", ")} already; choose another --out, or give --overwrite`,
  );
}

/** Prints progress at most twice a second. The share is of the phase, named beside it: a search has many. */
export function reporter({ report }: Context): (progress: Progress) => void {
  let last = 0;
  let label = "";
  return (progress) => {
    const now = performance.now();
    if (progress.label === label || (now - last < 500 && progress.done < progress.total)) return;
    [last, label] = [now, progress.label];
    // Factoring a stage follows its calibration under one share.
    const phase = progress.phase === "factor" ? "calibrate" : progress.phase;
    const share = `${phase} ${Math.round((100 * progress.done) / progress.total)} %`.padEnd(15);
    const left = progress.left === undefined ? "" : `, ${Math.ceil(progress.left / 1000)} s left`;
    report(`${share} ${progress.label}${left}`);
  };
}
