// Shows a set of pictures to a feature network, batch by batch, and gathers what metrics of sets need.

import { StudioError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import { FeatureGatherer, type FeatureStatistics, type GatherOptions } from "../metrics/parts/feature-statistics.ts";
import type { FeatureNetwork } from "../models/feature-network.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";

export interface PictureBatch {
  /** [B, 3, side, side] in [-1, 1] */
  readonly pictures: Tensor;
  /** What the pictures should show. [B] */
  readonly labels?: Int32Array | undefined;
}

/** @throws missing-data when there are no pictures, invalid-input for one alone */
export async function describePictures(
  runtime: Runtime,
  network: FeatureNetwork,
  batches: AsyncIterable<PictureBatch>,
  options: GatherOptions = {},
): Promise<FeatureStatistics> {
  const session = await runtime.load(network.graph(), `features of ${network.label}`);
  const gatherer = new FeatureGatherer(network.dimension, options);
  try {
    let count = 0;
    for await (const { pictures, labels } of batches) {
      const { features, output } = await session.run({ pictures });
      const [seen, logits] = [await takeFloats(features as DeviceTensor), await takeFloats(output as DeviceTensor)];
      gatherer.add({ features: seen, logits, labels: network.ownClasses ? undefined : labels });
      count += pictures.shape[0] as number;
    }
    if (count === 0) throw new StudioError("missing-data", "features: there are no pictures; give some");
    return gatherer.statistics();
  } finally {
    await session.free();
  }
}
