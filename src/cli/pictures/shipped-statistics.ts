// The statistics of real pictures that a model brings.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { STATISTICS } from "../../engine/readings.ts";

/** Their file; undefined when the model in this folder brings none. */
export async function shippedStatistics(model: string): Promise<string | undefined> {
  const shipped = join(model, STATISTICS);
  return stat(shipped).then(
    () => shipped,
    () => undefined,
  );
}
