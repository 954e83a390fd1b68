// Root of a factor thread: one layer in, one factor out.

import type { FactorMaker } from "../src/bridge/factor-pool.ts";
import { serve } from "../src/bridge/wire.ts";
import { pruners } from "../src/pruners/index.ts";

const maker: FactorMaker = {
  async factor(id, layer, options) {
    const pruner = pruners.get(id);
    if (pruner.kind !== "width") throw new Error(`factor: ${id} removes blocks and has no factors`);
    return pruner.factor(layer, options);
  },
};
serve(maker, self);
