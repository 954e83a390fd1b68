// What a command is, and the flags and conversions that several commands share.

import { StudioError } from "../../core/errors.ts";
import { reversed } from "../../core/schedule.ts";
import type { ModelSource, Progress } from "../../engine/api.ts";
import type { Backend } from "../../runtime/runtime.ts";
import { readModelFile } from "../environment.ts";
import { type Flags, type ParsedFlags, UsageError } from "../flags.ts";

export interface Context {
  readonly signal: AbortSignal;
  /** One line for a person, on stderr. */
  readonly report: (line: string) => void;
}

export interface Command {
  readonly help: string;
  readonly flags: Flags;
  /** The JSON printed on stdout. */
  run(flags: ParsedFlags, context: Context): Promise<unknown>;
}

export const modelFlags: Flags = {
  model: {
    value: "DIR|FILE.safetensors",
    required: true,
    help: "a folder with manifest.json, or a bare DiT state dict",
  },
  heads: { value: "N", help: "attention heads, when the file alone does not tell" },
  "guided-channels": { value: "N", help: "latent channels that guidance moves (a bare DiT: 3)" },
  backend: { value: "cpu|wasm|webgpu", default: "cpu", help: "cpu is onnxruntime-node" },
  threads: { value: "N", help: "threads of the backend" },
};

export const orderFlag: Flags = {
  "reference-order": { help: "levels and stages count from the low timesteps, as in the authors' files" },
};

export async function modelSource(flags: ParsedFlags): Promise<ModelSource> {
  const path = flags.text("model");
  const guidedChannels = flags.has("guided-channels") ? flags.integer("guided-channels") : undefined;
  if (!path.endsWith(".safetensors")) return { kind: "bundle", base: path, guidedChannels };
  const heads = flags.has("heads") ? flags.integer("heads") : undefined;
  return { kind: "file", name: path, bytes: await readModelFile(path), heads, guidedChannels };
}

export function backendOf(flags: ParsedFlags): Backend {
  const backend = flags.text("backend");
  if (backend !== "cpu" && backend !== "wasm" && backend !== "webgpu")
    throw new UsageError(`--backend: "${backend}" is not cpu, wasm or webgpu`);
  return backend;
}

export function threadsOf(flags: ParsedFlags): number | undefined {
  if (!flags.has("threads")) return undefined;
  const threads = flags.integer("threads");
  if (threads < 1) throw new StudioError("invalid-option", `threads: ${threads} is not at least 1`);
  return threads;
}

/** To and from the order that the user asked for; sampling order unless --reference-order. */
export function ordered<T>(flags: ParsedFlags, stages: readonly T[]): T[] {
  return flags.on("reference-order") ? reversed(stages) : [...stages];
}

/** Prints progress at most twice a second. */
export function reporter({ report }: Context): (progress: Progress) => void {
  let last = 0;
  let label = "";
  return (progress) => {
    const now = performance.now();
    if (progress.label === label || (now - last < 500 && progress.done < progress.total)) return;
    [last, label] = [now, progress.label];
    const share = `${Math.round((100 * progress.done) / progress.total)} %`.padStart(5);
    const left = progress.left === undefined ? "" : `, ${Math.ceil(progress.left / 1000)} s left`;
    report(`${share}  ${progress.label}${left}`);
  };
}
