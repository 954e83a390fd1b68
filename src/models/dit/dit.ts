// DiT: diffusion transformer with adaLN-Zero (Peebles & Xie, "Scalable Diffusion Models with Transformers", 2023).

import type { Architecture } from "../model.ts";
import { writeDit } from "./graphs.ts";
import { ditProgram } from "./program.ts";
import { ditSpec, embedTimesteps } from "./spec.ts";

export const dit: Architecture = {
  label: "DiT",
  help: "Diffusion transformer with adaLN-Zero, in the state-dict layout of facebookresearch/DiT.",
  options: {},
  spec: ditSpec,
  program: ditProgram,
  embedTimesteps,
  write: writeDit,
  biasOnly: { block: "block-bias" },
};
