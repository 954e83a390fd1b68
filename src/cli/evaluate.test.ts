// `evaluate` as a user meets it: pictures in, metrics out.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frechetDistance } from "../core/frechet.ts";
import type { PictureBatch } from "../engine/describe.ts";
import { readStatistics } from "../engine/statistics-file.ts";
import type { NpyArray } from "../formats/npy.ts";
import { writeSafetensors } from "../formats/safetensors.ts";
import type { Reading } from "../metrics/distribution/distribution.ts";
import { featureNetwork } from "../models/feature-network.ts";
import { readTensors } from "../testing/fixture.ts";
import npz from "../testing/fixtures/npz.json" with { type: "json" };
import { cli } from "../testing/run-cli.ts";
import { scriptedPicture } from "../testing/scripted-pictures.ts";
import { tinyInception } from "../testing/tiny-inception.ts";
import { evaluate } from "./commands/evaluate.ts";
import { parseFlags } from "./flags.ts";
import { npzBatches } from "./pictures/batches.ts";
import { encodeSheet } from "./pictures/encode.ts";

const SIDE = 64;
const COUNT = 6;
let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-evaluate-"));
  await mkdir(path("pictures/fish"), { recursive: true });
  for (let i = 0; i < COUNT; i++)
    await writeFile(path(`pictures/fish/${i}.png`), encodeSheet([[scriptedPicture(i, 1, 0.1 * i, SIDE)]], SIDE));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Evaluation {
  readonly pictures: number;
  readonly network: string;
  readonly reference?: string;
  readonly metrics: Readonly<Record<string, Partial<Reading> & { readonly missing?: string }>>;
}
const evaluation = (...flags: string[]) => {
  const given = ["--model", "public/models/tiny-worlds", "--threads", "1", "--pictures", path("pictures"), ...flags];
  const context = { signal: new AbortController().signal, report: () => {} };
  return evaluate.run(parseFlags(evaluate.flags, given), context) as Promise<Evaluation>;
};

test("compares with the model's real pictures, and what it saves with nothing but itself", async () => {
  const { pictures, metrics, reference } = await evaluation("--save", path("own.safetensors"));
  expect(pictures).toBe(COUNT);
  expect(reference).toMatch(/statistics\.safetensors$/);
  expect(metrics.fid?.value).toBeGreaterThan(1);
  expect(metrics.fid?.warning).toMatch("6 pictures do not span 64 features");
  expect(metrics.accuracy?.value).toBeLessThanOrEqual(1);

  const again = (await evaluation("--reference", path("own.safetensors"))).metrics;
  expect(again.fid?.value).toBeLessThan(1e-6 * (metrics.fid?.value as number));
  expect([again.precision?.value, again.recall?.value]).toEqual([1, 1]);
});

test("moments that an ADM archive brings go before those of its pictures", async () => {
  await writeFile(path("adm.npz"), Buffer.from(npz.adm, "base64"));
  const { metrics } = await evaluation("--reference", path("adm.npz"), "--save", path("moments.safetensors"));
  const network = featureNetwork(readTensors("public/models/tiny-worlds/classifier.safetensors").table, SIDE);
  const own = readStatistics("moments", await readFile(path("moments.safetensors")), network).gaussian;
  const unit = Float64Array.from({ length: 64 * 64 }, (_, i) => Number(i % 65 === 0)); // what the archive holds
  const given = { count: Infinity, mean: new Float64Array(64), covariance: unit };
  expect((metrics.fid?.value as number) / frechetDistance(own, given)).toBeCloseTo(1, 10);
  expect(metrics.recall?.value).toBeLessThanOrEqual(1); // of its pictures
});

test("looks with a network of the user's, whose classes are its own and whose statistics are no classifier's", async () => {
  await writeFile(path("inception.safetensors"), writeSafetensors(tinyInception()));
  const features = ["--features", path("inception.safetensors"), "--save", path("seen.safetensors")];
  const { network, reference, metrics } = await evaluation(...features);
  expect([network, reference]).toEqual(["inception-v3", undefined]);
  expect(metrics.fid?.missing).toMatch("there are no reference statistics");
  expect(metrics.accuracy?.missing).toMatch("no picture has a label");
  expect(metrics["inception-score"]?.value).toBeGreaterThanOrEqual(1);

  await expect(evaluation("--reference", path("seen.safetensors"))).rejects.toThrow(
    "was made with other weights of inception-v3 than these of tiny-classifier",
  );
});

test("pictures have no latents to compare with the dense model's", async () => {
  await writeFile(path("dense.safetensors"), writeSafetensors([]));
  await expect(evaluation("--dense", path("dense.safetensors"))).rejects.toThrow(
    /pictures: has no latents to compare; give what sample wrote/,
  );
});

test("a folder without pictures is named, in words of the command line", async () => {
  await mkdir(path("empty"));
  const model = ["--model", "public/models/tiny-worlds", "--threads", "1"];
  const { code, stderr } = await cli("evaluate", ...model, "--pictures", path("empty"));
  expect([code, stderr.trim().split("\n").at(-1)]).toEqual([
    1,
    expect.stringMatching(/^missing-data: .*empty: has no p/),
  ]);
});

describe("pictures of an ADM archive", () => {
  const archive = (arrays: Record<string, NpyArray>) => ({
    names: Object.keys(arrays),
    read: async (name: string) => arrays[name],
  });
  const collect = async (arrays: Record<string, NpyArray>) => {
    const found: PictureBatch[] = [];
    for await (const batch of npzBatches("x.npz", archive(arrays), 2)) found.push(batch);
    return found;
  };

  test("come in batches, as planes in [-1, 1], with their classes", async () => {
    const data = Uint8Array.from({ length: 60 * 12 }, (_, i) => (i * 7) % 256);
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 10);
    const batches = await collect({ arr_0: { shape: [60, 2, 2, 3], data }, arr_1: { shape: [60], data: labels } });
    expect(batches.map(({ pictures }) => pictures.shape)).toEqual([
      [50, 3, 2, 2],
      [10, 3, 2, 2],
    ]);
    expect(batches.flatMap((batch) => [...(batch.labels ?? [])])).toEqual([...labels]);
    for (const [picture, channel, pixel] of [
      [0, 0, 0],
      [3, 1, 2],
      [51, 2, 3],
    ] as const) {
      const { data: values } = (batches[Math.floor(picture / 50)] as PictureBatch).pictures;
      const value = values[((picture % 50) * 3 + channel) * 4 + pixel] as number;
      expect((value + 1) * 127.5).toBeCloseTo(data[picture * 12 + pixel * 3 + channel] as number, 4);
    }
  });

  test("of another size, or none at all, are refused", async () => {
    await expect(collect({ arr_0: { shape: [1, 4, 4, 3], data: new Uint8Array(48) } })).rejects.toThrow(
      "x.npz: arr_0 is [1, 4, 4, 3]; the network needs bytes [N, 2, 2, 3]",
    );
    await expect(collect({ mu: { shape: [2], data: new Float64Array(2) } })).rejects.toThrow(
      "x.npz: has no pictures (arr_0), but mu",
    );
  });
});
