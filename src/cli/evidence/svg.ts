// What pictures of the documents are drawn with: readable on white and on black.

/** Okabe and Ito's, which tell apart without red and green. */
export const COLOURS = ["#767676", "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#d55e00"] as const;
export const GRID = "#88888855";
export const INK = "#808080";

/** @param label what a person who cannot see it is told. @param parts drawn in order */
export function svg(width: number, height: number, label: string, parts: readonly string[]): string {
  const font = 'font-family="system-ui, sans-serif" font-size="12"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font} role="img" aria-label="${escaped(label)}">\n${parts.join("\n")}\n</svg>\n`;
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): string {
  const at = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${at[0]}" y1="${at[1]}" x2="${at[2]}" y2="${at[3]}" stroke="${stroke}" stroke-width="${width}"/>`;
}

export function rect(x: number, y: number, width: number, height: number, fill: string): string {
  const at = [x, y, width, height].map((value) => value.toFixed(1));
  return `<rect x="${at[0]}" y="${at[1]}" width="${at[2]}" height="${at[3]}" fill="${fill}"/>`;
}

export function text(x: number, y: number, words: string, anchor: "start" | "middle" | "end", fill = INK): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${fill}">${escaped(words)}</text>`;
}

/** The point of a stretch from its start on: 0 is `from`, 1 is `to`. */
export function along(from: number, to: number, share: number): number {
  return from + share * (to - from);
}

function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
