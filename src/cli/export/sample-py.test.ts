// Exported weights, sampled by PyTorch with sample.py, against the engine.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mergeStages, uniformDivision } from "../../core/schedule.ts";
import type { Choice } from "../../engine/api.ts";
import type { Batch } from "../../engine/pipeline.ts";
import { readSafetensors, toFloat32, writeSafetensors } from "../../formats/safetensors.ts";
import { createNodeRuntime } from "../../runtime/ort-node.ts";
import { type Runtime, takeFloats } from "../../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../../testing/close.ts";
import { flowBundle, TinyBundle } from "../../testing/tiny-bundle.ts";
import { tinyDit } from "../../testing/tiny-dit.ts";
import { never } from "../../testing/tiny-engine.ts";
import { tinyBank, tinyPipeline } from "../../testing/tiny-pipeline.ts";
import { writeStages } from "./write-stages.ts";

const python = ["python3", "/usr/bin/python3"].find((command) => {
  try {
    return execFileSync(command, ["-c", "import numpy, torch; print(torch.__version__)"], { stdio: "pipe" });
  } catch {
    return undefined;
  }
});

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-export-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the sampler in the folder makes of a batch. */
async function samplePy(bundle: TinyBundle, { noise, labels }: Batch): Promise<Float32Array> {
  const at = (name: string) => join(folder, name);
  const given = writeSafetensors([
    ["noise", noise],
    ["labels", { shape: [labels.length], data: labels }],
  ]);
  await writeFile(at("noise.safetensors"), given);
  await writeFile(at("dit.safetensors"), bundle.files.get("dit.safetensors") as Uint8Array);
  const files = ["model", "dit", "noise", "noise", "out", "latents"];
  const flags = files.map((name, index) => (index % 2 === 0 ? `--${name}` : at(`${name}.safetensors`)));
  execFileSync(python as string, [at("sample.py"), ...flags]);
  const latents = readSafetensors(await readFile(at("latents.safetensors"))).tensors.get("latents");
  return toFloat32(latents as NonNullable<typeof latents>);
}

/** A published DiT: the noise and a variance are predicted, guidance moves three of four channels. */
function published(): TinyBundle {
  const bundle = new TinyBundle({ learnedSigma: true });
  Object.assign(bundle.manifest.denoiser, { prediction: "epsilon", guidedChannels: 3 });
  return bundle;
}

/** Its table of positions is left to whoever loads it. */
function withoutPositions(): TinyBundle {
  const bundle = new TinyBundle();
  bundle.put("dit.safetensors", writeSafetensors([...tinyDit()].filter(([name]) => name !== "pos_embed")));
  return bundle;
}

/** The first two stages share their factors. */
const division = uniformDivision(3, 1000);

test("sample.py is short enough to be read", () => {
  const text = readFileSync(join(import.meta.dirname, "../../formats/exchange/sample.py"), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
});

const NAME = python ? "sample.py makes the engine's latents" : "not run: no python3 here has PyTorch";
describe.skipIf(!python)(NAME, () => {
  test.each<[what: string, pruner: Choice, levels: readonly number[], bundle?: () => TinyBundle]>([
    ["dense", { id: "obs" }, [0, 0, 0]],
    ["OBS, from empty to dense", { id: "obs" }, [4, 2, 0]],
    ["OBS that refits biases, empty again", { id: "obs", options: { mean: true } }, [1, 3, 4]],
    ["first-order", { id: "magnitude" }, [3, 1, 2]],
    ["LayerDrop", { id: "layerdrop" }, [1, 0, 2]],
    ["a published DiT", { id: "obs" }, [2, 0, 3], published],
    ["a rectified flow", { id: "obs" }, [2, 0, 1], flowBundle],
    ["a DiT without positions", { id: "obs" }, [2, 0, 1], withoutPositions],
  ])("%s", async (_, pruner, levels, bundle = () => new TinyBundle()) => {
    const made = bundle();
    const pipeline = await tinyPipeline(runtime, made);
    const bank = await tinyBank(pipeline, { pruner, division: mergeStages(division, 2) });
    const plan = { steps: 20, guidance: 2, sampler: { id: pipeline.model.card.samplers[0] as string } };
    const batch = pipeline.batch(1, "export", [0, 3, 3]);
    const rollout = await pipeline.rollout(batch, { bank, division, levels }, plan, { signal: never() });
    const engine = await takeFloats(rollout.latents);

    await writeStages(folder, pipeline.model, { bank, division, levels, ...plan });
    expect(relativeError(await samplePy(made, batch), engine.data)).toBeLessThan(TOLERANCE.rollout);
    await pipeline.free();
  });
});
