import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseManifest } from "./manifest.ts";

const published = new URL("../../public/models/tiny-worlds/manifest.json", import.meta.url);
const bytes = new Uint8Array(readFileSync(published));

/** The published manifest with one field changed. */
function spoiled(path: string, value: unknown): Uint8Array {
  const json = JSON.parse(new TextDecoder().decode(bytes));
  const keys = path.split("/");
  const last = keys.pop() as string;
  keys.reduce((object, key) => object[key], json)[last] = value;
  return new TextEncoder().encode(JSON.stringify(json));
}

test("reads the demo model's manifest", () => {
  const { denoiser, files, classes } = parseManifest(bytes);
  expect(denoiser).toMatchObject({ architecture: "dit", prediction: "v", heads: 12, patch: 2 });
  expect(files[denoiser.weights]?.bytes).toBeGreaterThan(1e6);
  expect(classes).toHaveLength(denoiser.numClasses);
});

test("a file may lie in a folder beside, which models share", () => {
  const shared = "../tiny-worlds/autoencoder.safetensors";
  expect(parseManifest(spoiled("autoencoder/weights", shared)).autoencoder?.weights).toBe(shared);
});

test("keeps fields that it does not know", () => {
  expect(parseManifest(spoiled("denoiser/attention", "linear")).denoiser).toMatchObject({ attention: "linear" });
});

test("decoder, judges and calibration latents may be missing", () => {
  const { format, name, denoiser, classes, defaults, files } = parseManifest(bytes);
  const bare = JSON.stringify({ format, name, denoiser, classes, defaults, files });
  const { autoencoder, quality } = parseManifest(new TextEncoder().encode(bare));
  expect([autoencoder, quality]).toEqual([undefined, undefined]);
});

test.each([
  ["format", "diff-es-model/2", /format: .*diff-es-model\/1/],
  ["denoiser/heads", 2.5, /denoiser\.heads: /],
  ["denoiser/heads", 0, /denoiser\.heads: /],
  ["denoiser/latent/channels", "4", /denoiser\.latent\.channels: .*expected number/],
  ["denoiser/prediction", "x0", /denoiser\.prediction: /],
  ["denoiser/diffusion/betaEnd", 1.5, /denoiser\.diffusion\.betaEnd: /],
  ["denoiser/weights", "../dit.safetensors", /denoiser\.weights: not a plain file name/],
  ["denoiser/weights", "https://elsewhere/dit", /denoiser\.weights: not a plain file name/],
  ["denoiser/weights", "../../elsewhere/dit", /denoiser\.weights: not a plain file name/],
  ["denoiser/weights", "../a/../b", /denoiser\.weights: not a plain file name/],
  ["denoiser/weights", ".././dit", /denoiser\.weights: not a plain file name/],
  ["denoiser/prediction", "flow", /denoiser: prediction "flow" goes with the diffusion schedule "flow"/],
  ["denoiser/diffusion", { schedule: "flow", timesteps: 1000 }, /denoiser: prediction "flow" goes with/],
  ["denoiser/diffusion/schedule", "cosine", /denoiser\.diffusion\.schedule: /],
  ["calibration", { file: "c.safetensors" }, /calibration\.count: /],
  ["files", { "a.safetensors": { bytes: 1, sha256: "ab" } }, /files\.a\.safetensors\.sha256: not 64 hex digits/],
  ["defaults/guidance", 0.5, /defaults\.guidance: /],
])("names what is wrong: %s", (path, value, message) => {
  expect(() => parseManifest(spoiled(path, value))).toThrow(
    expect.objectContaining({ code: "corrupt-data", message: expect.stringMatching(message) }),
  );
});

test("says so when it is not JSON", () => {
  expect(() => parseManifest(new TextEncoder().encode("<html>"))).toThrow(/manifest\.json: not JSON/);
});
