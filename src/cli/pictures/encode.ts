// Pixels -> PNG: pictures side by side on one sheet.

import { PNG } from "pngjs";

/** @param rows of pictures, RGBA, side x side each; as many in every row */
export function encodeSheet(rows: readonly (readonly Uint8ClampedArray[])[], side: number): Uint8Array {
  const sheet = new PNG({ width: side * (rows[0]?.length ?? 0), height: side * rows.length, colorType: 2 });
  for (const [row, pictures] of rows.entries())
    for (const [column, pixels] of pictures.entries())
      for (let y = 0; y < side; y++) {
        const line = pixels.subarray(4 * side * y, 4 * side * (y + 1));
        sheet.data.set(line, 4 * (sheet.width * (side * row + y) + side * column));
      }
  return PNG.sync.write(sheet);
}
