// `calibrate --images` as a user meets it: a folder of pictures in, a bank out.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { centreSquare, type RgbaPicture } from "../core/resample.ts";
import type { CalibrateResult, ModelCard } from "../engine/api.ts";
import { cli } from "../testing/run-cli.ts";
import { TinyBundle } from "../testing/tiny-bundle.ts";
import { calibrate } from "./commands/calibrate.ts";
import { parseFlags, UsageError } from "./flags.ts";
import { readPictures } from "./pictures/folder.ts";

let folder: string;
const path = (name: string) => join(folder, name);
const context = { signal: new AbortController().signal, report: () => {} };
const all = { limit: 100, seed: 0 };

async function put(name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path(name)), { recursive: true });
  await writeFile(path(name), bytes);
}

/** A slope of `shade`, large enough to be halved. */
function slope(shade: number, width = 150, height = 130): RgbaPicture {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : (shade + i / 400) % 256));
  return { width, height, data };
}
function png({ width, height, data }: RgbaPicture): Uint8Array {
  const file = new PNG({ width, height });
  file.data = Buffer.from(data);
  return PNG.sync.write(file);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-images-"));
  const { files, manifest } = new TinyBundle();
  for (const [name, bytes] of files) await put(`model/${name}`, bytes);
  await put("model/manifest.json", Buffer.from(JSON.stringify(manifest)));
  await put("images/kind 4/a.png", png(slope(10)));
  await put("images/kind 4/b.jpeg", jpeg.encode(slope(20), 95).data);
  await put("images/2/c.PNG", png(slope(30, 64, 64)));
  await put("images/loose.jpg", png(slope(40, 30, 40))); // a PNG all the same
  await put("images/notes.txt", Buffer.from("not a picture"));
  await put("images/.hidden/d.png", Buffer.from("not a picture"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const flags = (images: string) => [
  ...["--model", path("model"), "--threads", "1", "--pruner", "wanda", "--stages", "2", "--items", "3"],
  ...["--bank", path("bank"), "--images", path(images)],
];

describe("calibrate --images", () => {
  test("makes a bank that the pictures identify", async () => {
    const run = async (): Promise<CalibrateResult> => {
      const { code, stdout, stderr } = await cli("calibrate", ...flags("images"));
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/^Reading 4 of 4 pictures in /m);
      return JSON.parse(stdout) as CalibrateResult;
    };
    const made = await run();
    expect(made).toMatchObject({ whole: true, reused: false });
    expect(await run()).toMatchObject({ id: made.id, reused: true });
    await put("images/kind 4/a.png", png(slope(11)));
    const other = await run();
    expect(other.reused).toBe(false);
    expect(other.id).not.toBe(made.id);
  }, 60_000);

  test("refuses a model without an encoder", async () => {
    const bare = ["--model", path("model/dit.safetensors"), "--heads", "4", ...flags("images").slice(2)];
    const { code, stderr } = await cli("calibrate", ...bare);
    expect(code).toBe(1);
    expect(stderr).toMatch(/missing-data: .*dit\.safetensors has no encoder/);
  }, 30_000);

  test.each([["--data-free"], ["--calibration", "file"]])("and %s exclude each other", (...other) => {
    const parse = (args: string[]) => () => parseFlags(calibrate.flags, [...flags("images"), ...args]);
    expect(parse(other)).toThrow(UsageError);
    expect(parse(other)).toThrow(/--images.*--data-free|--calibration.*--images/);
    expect(parse([])).not.toThrow();
  });
});

describe("a folder of pictures", () => {
  const classes = ["kind 0", "kind 1", "kind 2", "kind 3", "kind 4"];
  const card = { classes, imageSize: 64, hasEncoder: true } as unknown as ModelCard;
  const size = 3 * 64 * 64;
  const read = (name: string, draw = all) => readPictures(path(name), card, draw, context);

  test("gives squares and labels in the order of paths", async () => {
    const { pixels, labels } = await read("images");
    expect([...labels]).toEqual([2, 4, 4, 5]);
    expect(pixels.shape).toEqual([4, 3, 64, 64]);
    const square = (index: number) => pixels.data.subarray(index * size, (index + 1) * size);
    expect(square(0)).toEqual(centreSquare(slope(30, 64, 64), 64).data);
    expect(square(3)).toEqual(centreSquare(slope(40, 30, 40), 64).data);
    const lossless = centreSquare(slope(20), 64).data;
    const losses = square(2).map((value, i) => Math.abs(value - (lossless[i] as number)));
    expect(losses.reduce((sum, loss) => sum + loss, 0) / size).toBeLessThan(2 / 127.5); // of the JPEG
  });

  test("gives as many as are used, which the seed draws", async () => {
    const some = await Promise.all([0, 1, 2, 3].map((seed) => read("images", { limit: 2, seed })));
    expect(some.map(({ labels }) => labels.length)).toEqual([2, 2, 2, 2]);
    expect(new Set(some.map(({ labels }) => labels.join())).size).toBeGreaterThan(1);
    expect(await read("images", { limit: 2, seed: 1 })).toEqual(some[1]);
  });

  test.each([
    ["no folder", undefined, "missing-data", /nowhere: is no folder/],
    ["no pictures", "empty/notes.txt", "missing-data", /empty: has no pictures/],
    ["an unknown class", "zoo/tiger/a.png", "invalid-input", /tiger: is no class .*kind 0.*0 … 4/],
    ["a number that is no class", "five/5/a.png", "invalid-input", /5: is no class/],
    ["another format", "gif/a.png", "corrupt-data", /a\.png: is neither PNG nor JPEG; save it again/],
  ])("%s is refused by name", async (_, file, code, message) => {
    if (file) await put(file, Buffer.from("GIF89a"));
    const refused = read(file ? (file.split("/")[0] as string) : "nowhere");
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each([
    ["cut.png", png(slope(1))],
    ["cut.jpg", jpeg.encode(slope(1), 90).data],
  ])("half of a file is refused: %s", async (name, bytes) => {
    await put(`half-${name}/${name}`, bytes.subarray(0, bytes.length / 2));
    await expect(read(`half-${name}`)).rejects.toMatchObject({ code: "corrupt-data" });
  });
});
