import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeSafetensors } from "../formats/safetensors.ts";
import { metrics } from "../metrics/index.ts";
import { tinyAutoencoder } from "../testing/tiny-autoencoder.ts";
import { flowBundle, TinyBundle } from "../testing/tiny-bundle.ts";
import { drawUniform, TINY_HEADS, tinyDit, tinyDitFile } from "../testing/tiny-dit.ts";
import { ignore, never, openTiny, type TinyEngine } from "../testing/tiny-engine.ts";
import type { ModelSource } from "./api.ts";

let tiny: TinyEngine;
beforeEach(async () => {
  tiny = await openTiny();
});
afterEach(() => tiny.engine.close());

const load = (source: ModelSource) => tiny.engine.load({ source }, ignore, never());
const file = (bytes: Uint8Array, hints = {}): ModelSource => ({
  kind: "file",
  name: "bare.safetensors",
  bytes,
  ...hints,
});

describe("a bundle", () => {
  test("says what it is", async () => {
    const card = await tiny.load();
    expect(card).toMatchObject({
      name: "Tiny",
      timesteps: 1000,
      classes: ["kind 0", "kind 1", "kind 2", "kind 3", "kind 4"],
      hasDecoder: true,
      hasEncoder: true,
      imageSize: 64,
      calibrationItems: 12,
      defaults: { steps: 10, guidance: 2 },
    });
    expect(card.metrics).toEqual(metrics.ids.filter((id) => id !== "quality")); // it has no judging network
    expect(card.spec).toMatchObject({ depth: 2, width: 32, heads: 4, prediction: "v", guidedChannels: 4 });
    expect(card.bytes).toBe([...tiny.bundle.files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0));
    expect((await tiny.engine.status()).model).toEqual(card);
  });

  test("of a flow says how it is sampled, and has an axis of noise that ends", async () => {
    const { bundle } = tiny;
    const { samplers, spacing } = await tiny.load();
    expect([samplers, spacing]).toEqual([["ddim", "dpm-solver"], "linspace"]);
    Object.assign(bundle.manifest, { denoiser: flowBundle().manifest.denoiser });
    const card = await tiny.load();
    expect(card).toMatchObject({ samplers: ["flow-euler", "dpm-solver"], spacing: "trailing", timesteps: 1000 });
    expect(card.logSnr.every((value, t) => t === 0 || value < (card.logSnr[t - 1] as number))).toBe(true);
    expect(card.logSnr.every(Number.isFinite)).toBe(true);
  });

  test("may take files from a folder beside it", async () => {
    const { bundle } = tiny;
    const shared = "../other/autoencoder.safetensors";
    bundle.put(shared, bundle.files.get("autoencoder.safetensors") as Uint8Array);
    bundle.files.delete("autoencoder.safetensors");
    delete bundle.manifest.files["autoencoder.safetensors"];
    Object.assign(bundle.manifest.autoencoder ?? {}, { weights: shared });
    expect(await tiny.load()).toMatchObject({ hasDecoder: true, hasEncoder: true });
  });

  test("has an id that follows its weights and what the manifest says of them, and nothing else", async () => {
    const first = await tiny.load();
    tiny.bundle.manifest.name = "Renamed";
    expect((await tiny.load()).id).toBe(first.id);
    tiny.bundle.manifest.denoiser.prediction = "epsilon";
    const other = await tiny.load();
    expect(other.id).not.toBe(first.id);
    tiny.bundle.put("dit.safetensors", tinyDitFile({ seed: 2 }));
    expect((await tiny.load()).id).not.toBe(other.id);
  });
});

describe("a bare state dict", () => {
  test("needs its number of heads only, and can be scored in latents", async () => {
    const card = await load(file(tinyDitFile(), { heads: TINY_HEADS }));
    expect(card).toMatchObject({
      name: "bare.safetensors",
      hasDecoder: false,
      hasEncoder: false,
      calibrationItems: 0,
      timesteps: 1000,
    });
    expect(card.metrics).toEqual(metrics.ids.filter((id) => metrics.get(id).space === "latent"));
    expect(card.spec).toMatchObject({ prediction: "epsilon", guidedChannels: 3 });
  });

  test("is another model when it is read in another way", async () => {
    const bytes = tinyDitFile();
    const ids = new Set<string>();
    for (const hints of [{ heads: 4 }, { heads: 2 }, { heads: 4, prediction: "v" }, { heads: 4, guidedChannels: 4 }])
      ids.add((await load(file(bytes, hints))).id);
    expect(ids.size).toBe(4);
  });
});

/** Spoils a good bundle; then the code and what the message must name. */
const spoiled: readonly [string, (bundle: TinyBundle) => void, string, RegExp][] = [
  [
    "a truncated file",
    ({ files }) => files.set("dit.safetensors", (files.get("dit.safetensors") as Uint8Array).subarray(0, 1000)),
    "corrupt-data",
    /dit\.safetensors: 1000 bytes, the manifest says \d{6}/,
  ],
  [
    "a truncated file that the manifest describes as it is",
    (bundle) => bundle.put("dit.safetensors", tinyDitFile().subarray(0, 20_000)),
    "corrupt-data",
    /dit\.safetensors: safetensors: .*\d+/,
  ],
  [
    "one flipped bit",
    ({ files }) => {
      const bytes = (files.get("autoencoder.safetensors") as Uint8Array).slice();
      bytes[bytes.length - 3]! ^= 1;
      files.set("autoencoder.safetensors", bytes);
    },
    "corrupt-data",
    /autoencoder\.safetensors: SHA-256 is [0-9a-f]{64}, the manifest says [0-9a-f]{64}/,
  ],
  [
    "a missing file",
    ({ files }) => files.delete("calibration.safetensors"),
    "missing-data",
    /calibration\.safetensors/,
  ],
  [
    "a file that the manifest does not list",
    ({ manifest }) => delete manifest.files["dit.safetensors"],
    "missing-data",
    /no entry for dit\.safetensors/,
  ],
  [
    "a weight of a wrong shape",
    (bundle) => {
      const bias = drawUniform(1, "wrong", [31], 1);
      bundle.put("dit.safetensors", writeSafetensors(new Map([...tinyDit(), ["blocks.1.attn.proj.bias", bias]])));
    },
    "shape-mismatch",
    /dit\.safetensors: .*"blocks\.1\.attn\.proj\.bias" is \[31\].*\[32\]/,
  ],
  [
    "a weight that is not a number",
    (bundle) => {
      const weights = new Map(tinyDit());
      const bias = drawUniform(1, "wrong", [32], 1);
      bias.data[7] = Number.NaN;
      bundle.put("dit.safetensors", writeSafetensors(weights.set("blocks.0.mlp.fc2.bias", bias)));
    },
    "corrupt-data",
    /dit\.safetensors: "blocks\.0\.mlp\.fc2\.bias" holds NaN at index 7/,
  ],
  [
    "a manifest that contradicts the weights",
    ({ manifest }) => {
      manifest.denoiser.latent.channels = 6;
    },
    "shape-mismatch",
    /latent\.channels is 6, but the weights have 4/,
  ],
  [
    "a manifest with too few classes",
    ({ manifest }) => manifest.classes.pop(),
    "shape-mismatch",
    /classes\.length is 4, but the weights have 5/,
  ],
  [
    "a manifest without a field",
    ({ manifest }) => Object.assign(manifest.denoiser, { heads: undefined }),
    "corrupt-data",
    /denoiser\.heads/,
  ],
  [
    "an architecture that nobody knows",
    ({ manifest }) => {
      manifest.denoiser.architecture = "unet";
    },
    "unknown-method",
    /"unet".*dit/,
  ],
  [
    "calibration latents of another size",
    (bundle) => {
      const labels = { shape: [2], data: Int32Array.of(0, 1) };
      const latents = drawUniform(1, "wrong", [2, 4, 4, 4], 1);
      bundle.put("calibration.safetensors", writeSafetensors(Object.entries({ latents, labels })));
    },
    "shape-mismatch",
    /calibration\.safetensors: latents are \[2, 4, 4, 4\], the model needs \[2, 4, 8, 8\]/,
  ],
  [
    "calibration labels that are no class",
    (bundle) => {
      const labels = { shape: [1], data: Int32Array.of(7) };
      const latents = drawUniform(1, "wrong", [1, 4, 8, 8], 1);
      bundle.put("calibration.safetensors", writeSafetensors(Object.entries({ latents, labels })));
    },
    "corrupt-data",
    /calibration\.safetensors: label 7 is not one of 0 … 4/,
  ],
  [
    "a decoder for other latents",
    (bundle) =>
      bundle.put(
        "autoencoder.safetensors",
        new TinyBundle({ channels: 6 }).files.get("autoencoder.safetensors") as Uint8Array,
      ),
    "shape-mismatch",
    /autoencoder\.safetensors: decodes 6 channels, the denoiser makes 4/,
  ],
  [
    "a decoder that lacks a tensor",
    (bundle) => {
      const decoder = new Map(tinyAutoencoder(4));
      decoder.delete("decoder.up2.weight");
      bundle.put("autoencoder.safetensors", writeSafetensors(decoder));
    },
    "missing-data",
    /autoencoder\.safetensors: .*"decoder\.up2\.weight"/,
  ],
  [
    "an encoder that lacks a tensor",
    (bundle) => {
      const coder = new Map(tinyAutoencoder(4));
      coder.delete("encoder.down.bias");
      bundle.put("autoencoder.safetensors", writeSafetensors(coder));
    },
    "missing-data",
    /autoencoder\.safetensors: .*"encoder\.down\.bias"/,
  ],
  [
    "a picture size that the decoder does not make",
    ({ manifest }) => Object.assign(manifest.autoencoder ?? {}, { imageSize: 128 }),
    "shape-mismatch",
    /imageSize is 128, but the weights have 64/,
  ],
];

describe("a damaged bundle is refused with its numbers, and the earlier model stays", () => {
  test.each(spoiled)("%s", async (_, spoil, code, message) => {
    const before = await tiny.load();
    spoil(tiny.bundle);
    await expect(tiny.load()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect((await tiny.engine.status()).model).toEqual(before);
    const { pixels } = await tiny.engine.sample(
      { steps: 2, guidance: 1, sampler: { id: "ddim" }, labels: [0], seed: 1 },
      ignore,
      never(),
    );
    expect(pixels).toHaveLength(1);
  });
});

test("loading another model frees the earlier one", async () => {
  await tiny.load();
  await tiny.engine.sample({ steps: 2, guidance: 2, sampler: { id: "ddim" }, labels: [0], seed: 1 }, ignore, never());
  expect(tiny.runtime.tensors.length).toBeGreaterThan(0);
  await load(file(tinyDitFile(), { heads: TINY_HEADS }));
  expect(tiny.runtime.tensors).toEqual([]);
  expect(tiny.runtime.sessions).toEqual([]);
});

test("cancelling keeps the earlier model", async () => {
  const before = await tiny.load();
  const controller = new AbortController();
  const loading = tiny.engine.load(
    { source: { kind: "bundle", base: tiny.bundle.base } },
    ({ done }) => done === 2 && controller.abort(),
    controller.signal,
  );
  await expect(loading).rejects.toMatchObject({ name: "AbortError" });
  expect((await tiny.engine.status()).model).toEqual(before);
});
