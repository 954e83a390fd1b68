// Comma-separated values (RFC 4180), for spreadsheets and data frames.

/** A cell that is absent is empty. */
export type Cell = string | number | boolean | undefined;

export interface Sheet {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Lines end in CRLF, as the RFC says; cells are quoted only where they must be. */
export function csv({ head, rows }: Sheet): string {
  return [head, ...rows].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

function quoted(cell: Cell): string {
  const text = String(cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
