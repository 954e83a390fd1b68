// Pixels -> PNG: pictures side by side on one sheet, and sheets one below the other.

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

/** @param sheets PNG, as wide as each other. */
export function stackSheets(sheets: readonly Uint8Array[]): Uint8Array {
  const parts = sheets.map((sheet) => PNG.sync.read(Buffer.from(sheet)));
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  const whole = new PNG({ width: parts[0]?.width ?? 0, height, colorType: 2 });
  whole.data = Buffer.concat(parts.map((part) => part.data));
  return PNG.sync.write(whole);
}
