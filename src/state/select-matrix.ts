// The matrix of pictures as it is shown: its axes, and of each cell its picture or why there is none.

import type { SampleRequest } from "../engine/api.ts";
import type { Rgba } from "../metrics/parts/picture-scores.ts";
import { type Drawing, drawingKey } from "./gallery-slice.ts";
import { COLUMNS, pictureLabels } from "./labels.ts";
import { axisValues, type Coordinates, cellRequest, type MatrixAxis, type MatrixWorld } from "./matrix-axes.ts";
import { memoise } from "./memoise.ts";
import { selectComparands } from "./select-comparands.ts";
import { selectPlanOfPictures } from "./select-comparison.ts";
import type { StudioState } from "./store.ts";

export interface MatrixCell {
  /** Undefined until it is drawn. */
  readonly picture: Rgba | undefined;
  readonly progress: Drawing["progress"] | undefined;
  /** Why there will be none. */
  readonly problem: string | undefined;
}
export interface Matrix {
  readonly rows: readonly Coordinates[MatrixAxis][];
  readonly columns: readonly Coordinates[MatrixAxis][];
  /** Of each row those of the columns. */
  readonly cells: readonly (readonly MatrixCell[])[];
  /** Of a picture, pixels. */
  readonly side: number;
}

const selectWorld = memoise(
  (state: StudioState) =>
    [state.model.card, selectComparands(state), state.banks.cards, selectPlanOfPictures(state)] as const,
  (card, comparands, cards, plan): MatrixWorld | undefined =>
    card && {
      card,
      comparands,
      banks: cards.filter(({ model, whole }) => whole && model === card.id),
      plan,
      labels: pictureLabels(card),
    },
);

const selectCells = memoise(
  (state: StudioState) =>
    [
      selectWorld(state),
      state.matrix.rows,
      state.matrix.columns,
      state.matrix.schedule,
      state.compare.picture,
    ] as const,
  (world, rowAxis, columnAxis, schedule, picture) => {
    if (!world) return undefined;
    const { steps, guidance, seed } = world.plan;
    const home: Coordinates = {
      schedule,
      class: picture % COLUMNS,
      seed: seed + Math.floor(picture / COLUMNS),
      steps,
      guidance,
      pruner: undefined,
      sparsity: undefined,
      stages: undefined,
    };
    const [rows, columns] = [axisValues(rowAxis, world), axisValues(columnAxis, world)];
    const requests = rows.map((row) =>
      columns.map((column) => cellRequest({ ...home, [rowAxis]: row, [columnAxis]: column }, world)),
    );
    return { rows, columns, requests };
  },
);

/** Row by row; none until the matrix is asked for. */
export const selectMatrixRequests = memoise(
  (state: StudioState) => [state.matrix.asked ? selectCells(state) : undefined] as const,
  (cells): readonly SampleRequest[] => cells?.requests.flat().filter((request) => typeof request !== "string") ?? [],
);

export const selectMatrix = memoise(
  (state: StudioState) => [selectCells(state), state.gallery] as const,
  (found, gallery): Matrix | undefined => {
    if (!found) return undefined;
    let side = 0;
    const cells = found.requests.map((row) =>
      row.map((request): MatrixCell => {
        if (typeof request === "string") return { picture: undefined, progress: undefined, problem: request };
        const drawing = gallery[drawingKey(request)];
        side = drawing?.grid?.side ?? side;
        const problem = drawing?.failed ? "It was not drawn; see the message above." : undefined;
        return { picture: drawing?.grid?.pixels[0], progress: drawing?.progress, problem };
      }),
    );
    return { rows: found.rows, columns: found.columns, cells, side };
  },
);
