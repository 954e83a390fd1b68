// A whole model folder in memory, by seed: the tiny DiT, its autoencoder, calibration latents and a manifest that tests
// may spoil before the engine reads it.

import { StudioError } from "../core/errors.ts";
import { normals } from "../core/rng.ts";
import type { Read } from "../engine/load.ts";
import { sha256 } from "../formats/hash.ts";
import { MANIFEST_FORMAT, type Manifest } from "../formats/manifest.ts";
import { writeSafetensors } from "../formats/safetensors.ts";
import { tinyAutoencoder } from "./tiny-autoencoder.ts";
import { TINY_DIT, TINY_HEADS, type TinyDit, tinyDitFile } from "./tiny-dit.ts";

const CALIBRATION_ITEMS = 12;

/** The same type, every field writable. */
type Writable<T> = { -readonly [K in keyof T]: T[K] extends object ? Writable<T[K]> : T[K] };

export class TinyBundle {
  readonly base = "tiny";
  /** As the manifest's own `files` describe them, unless a test changes one of the two. */
  readonly files = new Map<string, Uint8Array>();
  readonly manifest: Writable<Manifest>;

  constructor(options: Partial<TinyDit> = {}) {
    const dims = { ...TINY_DIT, ...options };
    const { channels, side, patch, numClasses, learnedSigma } = dims;
    this.manifest = {
      format: MANIFEST_FORMAT,
      name: "Tiny",
      denoiser: {
        architecture: "dit",
        weights: "dit.safetensors",
        prediction: "v", // an untrained epsilon prediction would end far from any picture
        learnedSigma,
        heads: TINY_HEADS,
        patch,
        latent: { channels, height: side, width: side },
        numClasses,
        guidedChannels: channels,
        diffusion: { schedule: "linear", timesteps: 1000, betaStart: 1e-4, betaEnd: 0.02 },
      },
      autoencoder: { architecture: "tiny", weights: "autoencoder.safetensors", factor: 8, imageSize: 8 * side },
      calibration: { file: "calibration.safetensors", count: CALIBRATION_ITEMS },
      classes: Array.from({ length: numClasses }, (_, index) => `kind ${index}`),
      defaults: { steps: 10, guidance: 2 },
      files: {},
    };
    for (const [name, bytes] of filesOf(dims)) this.put(name, bytes);
  }

  /** Adds or replaces a file, and says so in the manifest. */
  put(name: string, bytes: Uint8Array): void {
    this.files.set(name, bytes);
    this.manifest.files[name] = { bytes: bytes.byteLength, sha256: sha256(bytes) };
  }

  readonly read: Read = async (path) => {
    const name = path.slice(`${this.base}/`.length);
    if (name === "manifest.json") return new TextEncoder().encode(JSON.stringify(this.manifest));
    const bytes = this.files.get(name);
    if (!bytes) throw new StudioError("missing-data", `${path}: there is no such file`);
    return bytes;
  };
}

/** The same weights taken for a rectified flow. */
export function flowBundle(): TinyBundle {
  const bundle = new TinyBundle();
  Object.assign(bundle.manifest.denoiser, { prediction: "flow", diffusion: { schedule: "flow", timesteps: 1000 } });
  return bundle;
}

const made = new Map<string, ReadonlyMap<string, Uint8Array>>();

/** Drawn once for all bundles of the same dimensions: it takes longer than most tests. */
function filesOf(dims: TinyDit): ReadonlyMap<string, Uint8Array> {
  const key = JSON.stringify(dims);
  const files =
    made.get(key) ??
    new Map([
      ["dit.safetensors", tinyDitFile(dims)],
      ["autoencoder.safetensors", writeSafetensors(tinyAutoencoder(dims.channels, dims.seed))],
      ["calibration.safetensors", calibration(dims)],
    ]);
  made.set(key, files);
  return files;
}

/** Normal latents; the labels in turn. */
function calibration({ seed, channels, side, numClasses }: TinyDit): Uint8Array {
  const shape = [CALIBRATION_ITEMS, channels, side, side];
  const data = normals(seed, ["tiny", "calibration"], CALIBRATION_ITEMS * channels * side * side);
  const labels = BigInt64Array.from({ length: CALIBRATION_ITEMS }, (_, item) => BigInt(item % numClasses));
  return writeSafetensors([
    ["latents", { shape, data, dtype: "F16" }],
    ["labels", { shape: [CALIBRATION_ITEMS], data: labels }],
  ]);
}
