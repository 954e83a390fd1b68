// A matrix of pictures along two axes of one's choice. Drawing is the gallery's, which has every cell once.

import type { SampleRequest } from "../engine/api.ts";
import type { MatrixAxis } from "./matrix-axes.ts";
import type { SideId } from "./select-comparands.ts";
import { selectMatrixRequests } from "./select-matrix.ts";
import type { Slice } from "./store.ts";

export interface MatrixSlice {
  readonly matrix: {
    readonly rows: MatrixAxis;
    readonly columns: MatrixAxis;
    /** Of all cells, where it is no axis. */
    readonly schedule: SideId;
    /** A person wants it drawn. */
    readonly asked: boolean;
  };
  /** An axis stands once: choosing the other one exchanges the two. */
  setMatrix(change: Partial<MatrixSlice["matrix"]>): void;
  drawMatrix(): void;
}

export function createMatrixSlice(): Slice<MatrixSlice> {
  let asked: readonly SampleRequest[] = nothing;
  return (write, read) => ({
    matrix: { rows: "schedule", columns: "seed", schedule: "searched", asked: false },
    setMatrix(change) {
      const { matrix } = read();
      const next = { ...matrix, ...change };
      const same = next.rows === next.columns;
      const swapped = change.rows ? { columns: matrix.rows } : { rows: matrix.columns };
      write({ matrix: same ? { ...next, ...swapped } : next });
    },
    drawMatrix() {
      const wanted = read().view === "compare" ? selectMatrixRequests(read()) : nothing;
      if (wanted === asked || (wanted.length === 0 && asked.length === 0)) return;
      asked = wanted;
      read().ask("matrix", wanted);
    },
  });
}

const nothing: readonly SampleRequest[] = [];
