// Rows of pictures as one PNG, each row with its name.

export interface SheetRow {
  readonly name: string;
  /** RGBA, side x side each. */
  readonly pixels: readonly Uint8ClampedArray[];
  readonly side: number;
}

/** Side of a picture on the sheet, room for names, and distances: CSS pixels. */
const [SIDE, NAMES, GAP] = [128, 120, 8] as const;

export async function pictureSheet(rows: readonly SheetRow[]): Promise<Uint8Array> {
  const columns = Math.max(...rows.map(({ pixels }) => pixels.length));
  const sheet = new OffscreenCanvas(NAMES + columns * (SIDE + GAP) + GAP, rows.length * (SIDE + GAP) + GAP);
  const context = sheet.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = "#111";
  context.font = "16px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (const [row, { name, pixels, side }] of rows.entries()) {
    const top = GAP + row * (SIDE + GAP);
    context.fillText(name, GAP, top + SIDE / 2, NAMES - 2 * GAP);
    for (const [column, picture] of pixels.entries()) {
      const bitmap = await createImageBitmap(new ImageData(new Uint8ClampedArray(picture), side, side));
      context.drawImage(bitmap, NAMES + column * (SIDE + GAP), top, SIDE, SIDE);
    }
  }
  return new Uint8Array(await (await sheet.convertToBlob({ type: "image/png" })).arrayBuffer());
}
