// One measurement of `bench memory` in a process of its own, because a peak cannot be taken back: loads what a way of
// deploying a schedule needs, draws pictures with it, and prints how far memory grew beyond the opened runtime: what was
// allocated (WASM's memory, JavaScript's heap and its buffers), and what the process holds, which includes the compiled
// runtime.

import type { Bytes, Level, StageIndex, Tensor } from "../../core/tensor.ts";
import { stageOfSteps, timeline } from "../../core/timeline.ts";
import { Bank } from "../../engine/bank.ts";
import { loadModel } from "../../engine/load.ts";
import { Pipeline } from "../../engine/pipeline.ts";
import { Router } from "../../engine/router.ts";
import type { Backend } from "../../runtime/runtime.ts";
import { openEngine, readModelFile } from "../environment.ts";
import { type FusedStep, StepRunner } from "./routing/step-runner.ts";

export interface MemoryTask {
  readonly way: "dense" | "routed" | "stitched";
  readonly backend: Backend;
  readonly model: string;
  /** Storage that holds the bank. */
  readonly folder: string;
  readonly bank: string;
  readonly level: Level;
  readonly pictures: number;
  /** Of factors and cuts that stay in memory. */
  readonly routingBytes: Bytes;
}

export interface Peak {
  /** Undefined where the runtime's memory cannot be seen: outside WASM. */
  readonly allocated?: Bytes;
  readonly resident: Bytes;
}

const STEPS = 20;

/** Memory without garbage, looked at after every load and every step. */
class Growth {
  readonly #wasm: readonly WebAssembly.Memory[];
  readonly #start: { readonly allocated: Bytes; readonly resident: Bytes };
  #allocated: Bytes = 0;
  #resident: Bytes = 0;

  constructor(wasm: readonly WebAssembly.Memory[]) {
    this.#wasm = wasm;
    this.#start = this.#now(); // what starting up left behind is not the model's
  }

  look(): void {
    const { allocated, resident } = this.#now();
    this.#allocated = Math.max(this.#allocated, allocated - this.#start.allocated);
    this.#resident = Math.max(this.#resident, resident - this.#start.resident);
  }

  peak(backend: Backend): Peak {
    return { resident: this.#resident, ...(backend === "wasm" && { allocated: this.#allocated }) };
  }

  #now() {
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const wasm = this.#wasm.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    return { allocated: heapUsed + external + wasm, resident: rss };
  }
}

/** Every memory that WASM gets from now on. */
function watchWasm(): readonly WebAssembly.Memory[] {
  const memories: WebAssembly.Memory[] = [];
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  return memories;
}

export async function measure(task: MemoryTask): Promise<Peak> {
  const wasm = watchWasm();
  const { runtime, storage, engine } = await openEngine(task.backend, task.folder, 1);
  const growth = new Growth(wasm);
  const model = await loadModel({ kind: "bundle", base: task.model }, readModelFile, () => {});
  const bank = (await Bank.open(storage, task.bank)) as Bank;
  const pipeline = new Pipeline(runtime, model, () => 0, task.routingBytes);
  if (task.way === "stitched") await stitched(task, pipeline, bank, growth);
  else {
    const labels = Array.from({ length: task.pictures }, (_, index) => index % model.spec.numClasses);
    const levels = bank.recipe.division.map(() => task.level);
    const schedule = task.way === "routed" ? { bank, levels } : undefined;
    const plan = { steps: STEPS, guidance: 2, sampler: { id: "ddim" } };
    const options = { signal: new AbortController().signal, onStep: () => growth.look() };
    const { latents } = await pipeline.rollout(pipeline.batch(0, "memory", labels), schedule, plan, options);
    latents.free();
  }
  await pipeline.free();
  await engine.close();
  return growth.peak(task.backend);
}

/** A pruned model per stage, all of them loaded, each run for its steps. The router that cuts them is freed first. */
async function stitched(task: MemoryTask, { runtime, model }: Pipeline, bank: Bank, growth: Growth): Promise<void> {
  const { timesteps } = timeline(model.noise, STEPS);
  const stages = stageOfSteps(bank.recipe.division, timesteps);
  const runner = new StepRunner(runtime, model);
  const models: FusedStep[] = [];
  for (let stage: StageIndex = 0; stage < bank.numStages; stage++) {
    const router = new Router(runtime, model.spec, model.weights);
    const { weights, empty } = await router.route(bank, stage, task.level);
    const inside = new Map<string, Tensor>();
    for (const [name, weight] of weights) inside.set(name, (await weight.download()) as Tensor);
    models.push(await runner.fused(inside, empty));
    await router.free();
    growth.look();
  }
  for (const stage of stages) {
    const step = await (models[stage] as FusedStep).step(task.pictures);
    await step();
    growth.look();
  }
  for (const fused of models) await fused.free();
  await runner.free();
}

if (process.argv[2]) process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]) as MemoryTask)));
