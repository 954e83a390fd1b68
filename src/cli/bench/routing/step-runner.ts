// One guided denoiser step, ready to be timed: through chains fed with routed weights, or through one fused graph
// with the weights inside. As in sampling, each picture is two rows: with its label and with the null label.

import type { Tensor } from "../../../core/tensor.ts";
import { type CompiledChain, DENSE, Denoiser, type Routed } from "../../../engine/denoiser.ts";
import { stepChain } from "../../../engine/fuser.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { chainGraph } from "../../../models/chain.ts";
import type { Runtime } from "../../../runtime/runtime.ts";

const TIMESTEP = 500;
const GUIDANCE = 2;

export type Step = () => Promise<void>;

/** A graph with the weights inside. */
export interface FusedStep {
  step(pictures: number): Promise<Step>;
  free(): Promise<void>;
}

export class StepRunner {
  readonly #runtime: Runtime;
  readonly #model: LoadedModel;
  readonly #denoiser: Denoiser;

  constructor(runtime: Runtime, model: LoadedModel) {
    this.#runtime = runtime;
    this.#model = model;
    this.#denoiser = new Denoiser(runtime, model.architecture, model.spec, model.weights);
  }

  async blocks(routed: Routed, pictures: number): Promise<Step> {
    return this.#step(pictures, routed);
  }

  /** `weights` replace the model's own, by state-dict name; `empty` blocks keep their biases only. */
  async fused(weights: ReadonlyMap<string, Tensor>, empty: ReadonlySet<number>): Promise<FusedStep> {
    const { architecture, spec, weights: own } = this.#model;
    const chain = stepChain(architecture, spec, true, { skipped: new Set(), empty });
    const graph = chainGraph(architecture, spec, chain, (name) => weights.get(name) ?? (own.get(name) as Tensor));
    const session = await this.#runtime.load(graph, "fused");
    return { step: (pictures) => this.#step(pictures, DENSE, { session, chain }), free: () => session.free() };
  }

  free(): Promise<void> {
    return this.#denoiser.free();
  }

  async #step(pictures: number, routed: Routed, fused?: CompiledChain): Promise<Step> {
    const inputs = { ...(await this.#inputs(pictures)), guidance: GUIDANCE, routed, fused };
    const step = { timestep: TIMESTEP, next: { latent: 1, output: 0.1 }, clean: { latent: 0, output: 0 }, previous: 0 };
    return async () => {
      const { latent } = await this.#denoiser.step({ ...inputs, step });
      await latent.download();
      latent.free();
    };
  }

  async #inputs(pictures: number) {
    const { numClasses, latent } = this.#model.spec;
    const { channels, height, width } = latent;
    const data = new Float32Array(pictures * channels * height * width);
    data.forEach((_, index) => {
      data[index] = ((index * 7919) % 2000) / 1000 - 1; // any numbers will do: time does not depend on them
    });
    return {
      latent: { shape: [pictures, channels, height, width], data },
      row: { shape: [2 * pictures], data: new Int32Array(2 * pictures).fill(1, pictures) },
      conditioning: await this.#denoiser.condition(new Float32Array(2).fill(TIMESTEP), Int32Array.of(0, numClasses)),
    };
  }
}
