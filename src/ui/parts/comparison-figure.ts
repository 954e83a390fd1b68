// The compared pictures as a figure of its own: a column for each schedule, a row for each picture, and under them by what
// rule these pictures were chosen. Always on white, whatever the page's colours.

import { escaped } from "../../report/markup.ts";

export interface ComparisonFigure {
  /** Of each column. */
  readonly names: readonly string[];
  /** From top to bottom. */
  readonly rows: readonly {
    readonly name: string;
    /** Of each column: where the picture is, and a line under it. */
    readonly cells: readonly { readonly href: string; readonly note: string }[];
  }[];
  /** Lines at the foot. */
  readonly notes: readonly string[];
}

const CELL = 128;
const GAP = 12;
const LEFT = 112;
const HEAD = 34;
const NOTE = 20;
const LINE = 17;
const FONT = "Inter, Helvetica, Arial, sans-serif";

/** As SVG that stands alone. */
export function comparisonFigure({ names, rows, notes }: ComparisonFigure): string {
  const width = Math.max(LEFT + names.length * (CELL + GAP) + GAP, 480);
  const below = HEAD + rows.length * (CELL + NOTE + GAP);
  const height = below + notes.length * LINE + GAP;
  const x = (column: number) => LEFT + column * (CELL + GAP);
  const y = (row: number) => HEAD + row * (CELL + NOTE + GAP);
  const parts = [
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...names.map((name, column) =>
      text(x(column) + CELL / 2, HEAD - 12, name, 'text-anchor="middle" font-weight="600"'),
    ),
    ...rows.flatMap(({ name, cells }, row) => [
      text(LEFT - GAP, y(row) + CELL / 2, name, 'text-anchor="end"'),
      ...cells.flatMap(({ href, note }, column) => [
        `<image x="${x(column)}" y="${y(row)}" width="${CELL}" height="${CELL}" href="${escaped(href)}"/>`,
        text(x(column) + CELL / 2, y(row) + CELL + 14, note, 'text-anchor="middle" fill="#43524e"'),
      ]),
    ]),
    ...notes.map((note, line) => text(GAP, below + (line + 0.5) * LINE, note, 'fill="#43524e"')),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12">\n${parts.join("\n")}\n</svg>\n`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;
}

/** A picture as a PNG in its address. */
export function pictureAddress(pixels: Uint8ClampedArray, side: number): string {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(pixels), side, side), 0, 0);
  return canvas.toDataURL("image/png");
}
