// What every width pruner checks before it trusts a layer: a file or a calibration may be damaged, and an order made of
// NaN looks like any other.

import { type ErrorCode, StudioError } from "../../core/errors.ts";
import { fitBoundaries } from "../../core/factor.ts";
import type { LayerStatistics } from "../pruner.ts";

/** @throws always; `method` is the pruner's id */
export function refuse(method: string, { name }: Pick<LayerStatistics, "name">, code: ErrorCode, what: string): never {
  throw new StudioError(code, `${method} ${name}: ${what}`);
}

/** @throws shape-mismatch, invalid-input */
export function checkLayer(method: string, layer: LayerStatistics): void {
  const { weight, rows, columns, groupSize, boundaries } = layer;
  if (weight.length !== rows * columns)
    refuse(method, layer, "shape-mismatch", `${weight.length} weights for [${rows}, ${columns}]`);
  if (!fitBoundaries(boundaries, columns, groupSize))
    refuse(
      method,
      layer,
      "invalid-input",
      `boundaries [${boundaries.join(", ")}] do not fit ${columns} columns by ${groupSize}`,
    );
  if (!weight.every(Number.isFinite))
    refuse(method, layer, "invalid-input", "a weight is not finite; check the model file");
}

/**
 * A statistic of the layer, checked.
 * @throws missing-data when calibration did not collect it; invalid-input without items or when a value is not finite
 */
export function needStatistic<S>(
  method: string,
  layer: LayerStatistics,
  name: "gram" | "sum" | "moments",
  statistic: S | undefined,
  values: (statistic: S) => readonly (Float32Array | Float64Array)[],
): S {
  if (!statistic) return refuse(method, layer, "missing-data", `there is no "${name}"; calibrate with this pruner`);
  const { items } = layer;
  if (!(items > 0)) refuse(method, layer, "invalid-input", `${items} calibration items; calibrate with at least one`);
  if (!values(statistic).every((array) => array.every(Number.isFinite)))
    refuse(
      method,
      layer,
      "invalid-input",
      "the calibration statistics are not finite; the activations overflowed, use float32",
    );
  return statistic;
}
