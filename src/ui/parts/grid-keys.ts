// Where a key leads in an ARIA grid.

/** From the top left, from 0. */
export interface GridCell {
  readonly row: number;
  readonly column: number;
}

/** The cell that a key leads to, at the border the same; undefined for keys that lead nowhere. */
export function movedBy(key: string, { row, column }: GridCell, rows: number, columns: number): GridCell | undefined {
  const moves: Readonly<Record<string, GridCell>> = {
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    Home: { row, column: 0 },
    End: { row, column: columns - 1 },
    PageUp: { row: 0, column },
    PageDown: { row: rows - 1, column },
  };
  const next = moves[key];
  return next && { row: clamp(next.row, rows - 1), column: clamp(next.column, columns - 1) };
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
