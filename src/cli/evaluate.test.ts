// `evaluate` as a user meets it: pictures in, metrics out.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PictureBatch } from "../engine/describe.ts";
import type { NpyArray } from "../formats/npy.ts";
import { writeSafetensors } from "../formats/safetensors.ts";
import { cli } from "../testing/run-cli.ts";
import { scriptedPicture } from "../testing/scripted-pictures.ts";
import { tinyInception } from "../testing/tiny-inception.ts";
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

const evaluate = async (...flags: string[]) =>
  cli("evaluate", "--model", "public/models/tiny-worlds", "--threads", "1", "--pictures", path("pictures"), ...flags);

test("compares with the model's real pictures, and what it saves with nothing but itself", async () => {
  const first = await evaluate("--save", path("own.safetensors"));
  expect(first.code, first.stderr).toBe(0);
  const { pictures, metrics, reference } = JSON.parse(first.stdout);
  expect(pictures).toBe(COUNT);
  expect(reference).toMatch(/statistics\.safetensors$/);
  expect(metrics.fid.value).toBeGreaterThan(1);
  expect(metrics.fid.warning).toMatch("6 pictures do not span 64 features");
  expect(metrics.accuracy.value).toBeLessThanOrEqual(1);

  const again = JSON.parse((await evaluate("--reference", path("own.safetensors"))).stdout).metrics;
  expect(again.fid.value).toBeLessThan(1e-6 * metrics.fid.value);
  expect([again.precision.value, again.recall.value]).toEqual([1, 1]);
});

test("looks with a network of the user's, whose classes are its own and whose statistics are no classifier's", async () => {
  await writeFile(path("inception.safetensors"), writeSafetensors(tinyInception()));
  const features = ["--features", path("inception.safetensors"), "--save", path("seen.safetensors")];
  const first = await evaluate(...features);
  expect(first.code, first.stderr).toBe(0);
  const { network, reference, metrics } = JSON.parse(first.stdout);
  expect([network, reference]).toEqual(["inception-v3", undefined]);
  expect(metrics.fid.missing).toMatch("there are no reference statistics");
  expect(metrics.accuracy.missing).toMatch("no picture has a label");
  expect(metrics["inception-score"].value).toBeGreaterThanOrEqual(1);

  const mixed = await evaluate("--reference", path("seen.safetensors"));
  expect([mixed.code, mixed.stderr.trim().split("\n").at(-1)]).toEqual([
    1,
    expect.stringMatching(/was made with other weights of inception-v3 than these of tiny-classifier/),
  ]);
});

test("a folder without pictures is named", async () => {
  await mkdir(path("empty"));
  const { code, stderr } = await evaluate("--reference", path("empty"));
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
