// PNG and JPEG -> pixels. The bytes decide which it is: pictures under the other's name are common.

import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { StudioError } from "../../core/errors.ts";
import type { RgbaPicture } from "../../core/resample.ts";

/** Colour profiles and orientation tags are ignored, as by the authors. @throws corrupt-data naming the file */
export function decodePicture(name: string, bytes: Uint8Array): RgbaPicture {
  try {
    return decoderOf(bytes)(bytes);
  } catch (error) {
    const message = `${name}: ${(error as Error).message}; save it again as PNG or JPEG, or take it away`;
    throw new StudioError("corrupt-data", message, {}, { cause: error });
  }
}

function decoderOf([first, second]: Uint8Array): (bytes: Uint8Array) => RgbaPicture {
  if (first === 0x89 && second === 0x50) return (bytes) => PNG.sync.read(Buffer.from(bytes));
  if (first === 0xff && second === 0xd8)
    return (bytes) => jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false }); // half a picture is none
  throw new Error("is neither PNG nor JPEG");
}
