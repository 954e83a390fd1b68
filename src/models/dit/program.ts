// Which graphs a DiT runs, in which order, over which names. Modulations depend on timestep and class only, so they are
// a program of their own, run once for all schedules.

import type { Call, DenoiserSpec, Program, Watch } from "../model.ts";
import { blockName, embedNames } from "./graphs.ts";

const BLOCK_WEIGHTS = ["qkv", "proj", "fc1", "fc2"].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]);

export function ditProgram(spec: DenoiserSpec): Program {
  const blocks = [...Array(spec.depth).keys()];
  const upTo = (watched: ReadonlySet<number>) => blocks.slice(0, Math.max(...watched) + 1);
  const watching =
    (watch: (block: number) => Call): Watch =>
    (watched) => [
      embed("embed", spec),
      ...upTo(watched).map((block) => (watched.has(block) ? watch(block) : dense(block))),
    ];
  return {
    conditioning: [
      {
        graph: "condition",
        reads: { timestep: "timestep", label: "label" },
        writes: { condition: "condition" },
        weights: {
          ...linearWeights("mlp.0", "t_embedder.mlp.0"),
          ...linearWeights("mlp.2", "t_embedder.mlp.2"),
          table: "y_embedder.embedding_table.weight",
        },
      },
      ...blocks.map((block) => modulate(`blocks.${block}`, `${block}`)),
      modulate("final_layer", "final"),
    ],
    denoise: [embed("embed", spec), ...blocks.map(dense), finish("finish", false)],
    denoiseGuided: [embed("embed-guided", spec), ...blocks.map(dense), finish("finish-guided", true)],
    calibrate: watching((block) => {
      const gram = (layer: string) => `gram.${blockName(block, layer)}`;
      const sums = ["proj", "fc2"].flatMap((layer) => [
        [`gram.${layer}`, gram(layer)],
        [`gram.${layer}.sum`, `${gram(layer)}.sum`],
      ]) as [string, string][];
      return summing(run("block-gram", block), sums);
    }),
    moments: watching((block) => {
      const sums = ["proj", "fc2"].flatMap((layer) =>
        ["input", "output", "producer"].map((part) => [
          `moments.${layer}.${part}`,
          `moments.${blockName(block, layer)}.${part}`,
        ]),
      ) as [string, string][];
      return summing(run("block-moments", block), sums);
    }),
    redundancy: (watched) => [
      { ...embed("embed", spec), writes: { x: "x.0" } },
      ...upTo(watched).flatMap((block) => changing(block, watched.has(block))),
    ],
  };
}

function dense(block: number): Call {
  return run("block", block);
}

/** A block between two names that take turns, so that no more than its own input and output are kept. */
function changing(block: number, watched: boolean): readonly Call[] {
  const [before, after] = [`x.${block % 2}`, `x.${(block + 1) % 2}`] as const;
  const { reads, ...call } = dense(block);
  const moved: Call = { ...call, reads: { ...reads, x: before }, writes: { next: after } };
  if (!watched) return [moved];
  return [moved, { graph: "change", reads: { before, after }, writes: { change: `change.${block}` }, weights: {} }];
}

function embed(graph: string, { computedPositions }: DenoiserSpec): Call {
  const names = ["proj.weight", "proj.bias", ...(computedPositions ? [] : ["position"])];
  const weights = Object.fromEntries(names.map((name) => [name, embedNames(name)]));
  return { graph, reads: { latent: "latent" }, writes: { x: "x" }, weights };
}

function modulate(layer: string, name: string): Call {
  return {
    graph: name === "final" ? "modulate-final" : "modulate-block",
    reads: { condition: "condition" },
    writes: { modulation: `modulation.${name}` },
    weights: linearWeights("linear", `${layer}.adaLN_modulation.1`),
  };
}

function run(graph: string, block: number): Call {
  return {
    graph,
    block,
    reads: { x: "x", modulation: `modulation.${block}`, row: "row" },
    writes: { next: "x" },
    weights: Object.fromEntries(BLOCK_WEIGHTS.map((name) => [name, blockName(block, name)])),
  };
}

/** The call with running sums: graph input `x` reads and `x.next` writes the name beside it. */
function summing(call: Call, sums: readonly (readonly [string, string])[]): Call {
  return {
    ...call,
    reads: { ...call.reads, ...Object.fromEntries(sums) },
    writes: { ...call.writes, ...Object.fromEntries(sums.map(([input, name]) => [`${input}.next`, name])) },
  };
}

function finish(graph: string, guided: boolean): Call {
  const reads = { x: "x", modulation: "modulation.final", row: "row", latent: "latent", coefficients: "coefficients" };
  return {
    graph,
    reads: guided ? { ...reads, guidance: "guidance" } : reads,
    writes: { next: "latent", output: "output" },
    weights: linearWeights("linear", "final_layer.linear"),
  };
}

function linearWeights(input: string, layer: string): Record<string, string> {
  return { [`${input}.weight`]: `${layer}.weight`, [`${input}.bias`]: `${layer}.bias` };
}
