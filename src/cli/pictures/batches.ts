// The pictures of a folder, or of the array that ADM's evaluator reads, a batch at a time: memory does not grow with them.

import { StudioError } from "../../core/errors.ts";
import { centreSquare } from "../../core/resample.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { PictureBatch } from "../../engine/describe.ts";
import type { NpyArray } from "../../formats/npy.ts";
import type { NpzFile } from "../../formats/npz.ts";
import { readModelFile } from "../environment.ts";
import { decodePicture } from "./decode.ts";
import { type PictureFile, picturesIn } from "./folder.ts";

const BATCH = 50;

/** Square ones of `side`, cut and resampled as they are for calibration. @throws missing-data, corrupt-data naming the file */
export async function* folderBatches(
  folder: string,
  classes: readonly string[],
  side: number,
): AsyncGenerator<PictureBatch> {
  for (const files of chunks(await picturesIn(folder, classes))) {
    const data = new Float32Array(files.length * 3 * side * side);
    for (const [i, { path }] of files.entries())
      data.set(centreSquare(decodePicture(path, await readModelFile(path)), side).data, i * 3 * side * side);
    yield { pictures: { shape: [files.length, 3, side, side], data }, labels: labelsOf(files) };
  }
}

/** `arr_0` uint8 [N, side, side, 3] and, where it is there, `arr_1` [N], the classes. @throws missing-data, shape-mismatch */
export async function* npzBatches(name: string, file: NpzFile, side: number): AsyncGenerator<PictureBatch> {
  const [pictures, labels] = [await file.read("arr_0"), await file.read("arr_1")];
  if (!pictures)
    throw new StudioError("missing-data", `${name}: has no pictures (arr_0), but ${file.names.join(", ")}`);
  const [count = 0, ...rest] = pictures.shape;
  if (!(pictures.data instanceof Uint8Array) || rest.join() !== `${side},${side},3`)
    throw new StudioError(
      "shape-mismatch",
      `${name}: arr_0 is [${pictures.shape.join(", ")}]; the network needs bytes [N, ${side}, ${side}, 3]`,
    );
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(count, from + BATCH);
    yield { pictures: planes(pictures, from, to), labels: labels && Int32Array.from(labels.data.subarray(from, to)) };
  }
}

/** Bytes [N, H, W, 3] of pictures `from` … `to` - 1 -> [B, 3, H, W] in [-1, 1]. */
function planes({ shape, data }: NpyArray, from: number, to: number): Tensor {
  const [height, width] = shape.slice(1) as [number, number];
  const area = height * width;
  const start = 3 * area * from;
  const values = Float32Array.from({ length: 3 * area * (to - from) }, (_, i) => {
    const [picture, channel, pixel] = [Math.floor(i / (3 * area)), Math.floor(i / area) % 3, i % area];
    return (data[start + 3 * (area * picture + pixel) + channel] as number) / 127.5 - 1;
  });
  return { shape: [to - from, 3, height, width], data: values };
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH);
}

function labelsOf(files: readonly PictureFile[]): Int32Array {
  return Int32Array.from(files, ({ label }) => label);
}
