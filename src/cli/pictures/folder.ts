// A folder of pictures -> clean pictures to calibrate on or to evaluate: DIR/CLASS/picture, where CLASS is the name or the number of one
// of the model's classes, and DIR/picture, which is of no class.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import { centreSquare } from "../../core/resample.ts";
import { stream } from "../../core/rng.ts";
import type { CalibrationPictures, ModelCard } from "../../engine/api.ts";
import { checkEncoder } from "../../engine/bank-request.ts";
import type { Context } from "../commands/command.ts";
import { readModelFile } from "../environment.ts";
import { decodePicture } from "./decode.ts";

const PICTURE = /\.(png|jpe?g)$/i;

export interface PictureFile {
  readonly path: string;
  /** The number of classes for pictures of none. */
  readonly label: number;
}

/**
 * At most `limit` pictures, which the seed draws where there are more, in the order of their paths.
 * @throws missing-data, invalid-input, corrupt-data: each names the file or folder
 */
export async function readPictures(
  folder: string,
  card: ModelCard,
  { limit, seed }: { readonly limit: number; readonly seed: number },
  { signal, report }: Context,
): Promise<CalibrationPictures> {
  checkEncoder(card); // before the folder is looked at: another model is what is needed
  const { classes, imageSize } = card;
  const found = await picturesIn(folder, classes);
  const drawn = new Set(stream(seed, "calibration", "pictures").shuffle(found).slice(0, limit));
  const chosen = found.filter((file) => drawn.has(file));
  report(`Reading ${chosen.length} of ${found.length} pictures in ${folder}`);
  const size = 3 * imageSize * imageSize;
  const data = new Float32Array(chosen.length * size);
  for (const [index, { path }] of chosen.entries()) {
    signal.throwIfAborted();
    data.set(centreSquare(decodePicture(path, await readModelFile(path)), imageSize).data, index * size);
  }
  return {
    pixels: { shape: [chosen.length, 3, imageSize, imageSize], data },
    labels: Int32Array.from(chosen, ({ label }) => label),
  };
}

/** In the order of their paths. @throws missing-data when there are none, invalid-input for a folder of no class */
export async function picturesIn(folder: string, classes: readonly string[]): Promise<PictureFile[]> {
  const found: PictureFile[] = [];
  for (const { name, directory } of await entriesOf(folder)) {
    const path = join(folder, name);
    if (directory) {
      const label = labelOf(path, name, classes);
      for (const inner of await entriesOf(path))
        if (PICTURE.test(inner.name)) found.push({ path: join(path, inner.name), label });
    } else if (PICTURE.test(name)) found.push({ path, label: classes.length });
  }
  if (found.length === 0)
    throw new StudioError(
      "missing-data",
      `${folder}: has no pictures; give PNG or JPEG files, best in a folder per class`,
    );
  return found;
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .map((entry) => ({ name: entry.name, directory: entry.isDirectory() }))
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new StudioError("missing-data", `${folder}: is no folder that can be read`, {}, { cause: error });
  }
}

function labelOf(path: string, name: string, classes: readonly string[]): number {
  const named = classes.indexOf(name);
  const label = named === -1 && /^\d+$/.test(name) ? Number(name) : named;
  if (label >= 0 && label < classes.length) return label;
  const some = classes.length > 12 ? [...classes.slice(0, 12), "…"] : classes;
  throw new StudioError(
    "invalid-input",
    `${path}: is no class of the model; name folders by its classes (${some.join(", ")}) or their numbers, 0 … ${classes.length - 1}`,
  );
}
