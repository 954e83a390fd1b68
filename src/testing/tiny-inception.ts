// Inception-v3 at a sixteenth of its width, drawn as fixtures/make/inception.py draws it: gains and variances around 1,
// kernels half as large again.

import type { Tensor } from "../core/tensor.ts";
import fixture from "./fixtures/inception.json" with { type: "json" };
import { drawWeight } from "./tiny-dit.ts";

/** Weights under their state-dict names. */
export function tinyInception(): Map<string, Tensor> {
  const draw = (name: string, shape: readonly number[]): Tensor => {
    const mean = /bn\.(weight|running_var)$/.test(name) ? 1 : 0;
    const scale = name.endsWith("conv.weight") ? 1.5 : 1;
    return { shape, data: drawWeight(fixture.seed, name, shape).data.map((value) => mean + scale * value) };
  };
  return new Map(Object.entries(fixture.shapes).map(([name, shape]) => [name, draw(name, shape)]));
}
