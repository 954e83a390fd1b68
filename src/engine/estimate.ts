// How long a search will take on this device, before it starts: one dense denoiser step is measured, the rest is
// counted. An estimate for a person who chooses a preset, not a benchmark.

import { bankBytes, denoiserMacs, trajectoryMacs } from "../core/cost.ts";
import { median } from "../core/median.ts";
import { checkOptions } from "../core/options.ts";
import { racedShare } from "../core/racing.ts";
import type { Level, Milliseconds } from "../core/tensor.ts";
import { pruners } from "../pruners/index.ts";
import { searchers } from "../searchers/index.ts";
import type { CalibrateRequest, Estimate, SearchRequest } from "./api.ts";
import { Bank } from "./bank.ts";
import { bankIndex } from "./bank-request.ts";
import { banksOf, calibrateRequest, plan } from "./experiment.ts";
import { FINALISTS } from "./judge.ts";
import type { Pipeline } from "./pipeline.ts";
import type { PrecomputeTools } from "./precompute.ts";
import { searchClaims } from "./room.ts";
import { allBlocks, blockGroups } from "./running-sums.ts";

/** Float64 multiply-adds a second while factoring, in one thread (measured: `bench factor`). */
const FACTOR_RATE = 1.3e9;
/** Prefix reuse spares about a quarter of a search's steps (limits measured: 1.36 and 1.43 times). */
const REUSE = 1 / 1.36;

export async function estimateSearch(
  pipeline: Pipeline,
  request: SearchRequest,
  { storage, factorThreads, calibrationBytes, now }: Omit<PrecomputeTools, "factor" | "exclusive">,
): Promise<Estimate> {
  const { spec } = pipeline.model;
  const experiment = plan(pipeline.model, request);
  const pruner = pruners.get(request.pruner.id);
  const searcher = searchers.get(request.searcher.id);
  const options = checkOptions(request.searcher.id, searcher.options, request.searcher.options);
  const evaluations = searcher.evaluations(experiment.space, options);
  const { search } = experiment;
  const divisions = banksOf(experiment);
  const stages = divisions.reduce((sum, { length }) => sum + length, 0);
  const own = calibrateRequest(experiment, divisions[0]);
  const bankOf = (wanted: CalibrateRequest) => new Bank(storage, bankIndex(pipeline.model, wanted));
  let missing = 0;
  for (const division of divisions)
    missing += division.length * (1 - (await bankOf(calibrateRequest(experiment, division)).stored()));

  const claims = await searchClaims(pipeline.model, experiment, storage);

  const rate = await macsPerMillisecond(pipeline, request, now);
  const dense = denoiserMacs(spec);
  const grams = spec.layers.reduce((sum, { columns }) => sum + spec.tokens * columns ** 2, 0);
  const secondOrder = pruner.needs.includes("gram");
  // Every group of blocks runs the model again, up to its last block.
  const groups = blockGroups(spec, pruner.needs, allBlocks(spec), calibrationBytes);
  const forwards = groups.reduce((sum, group) => sum + (Math.max(...group) + 1) / spec.depth, 0);
  const pass = 2 * request.calibrationItems * (pruner.needs.length * forwards * dense + (secondOrder ? grams : 0));
  const factor = secondOrder
    ? spec.layers.reduce((sum, { rows, columns }) => sum + (2 / 3) * columns ** 3 + rows * columns ** 2, 0)
    : 0;
  const trajectory = (levels: readonly Level[]) =>
    2 * trajectoryMacs(spec, experiment.kind, levels, search.stageOfStep);
  const pruned = trajectory(experiment.uniform);
  const whole = trajectory(experiment.uniform.map(() => 0));
  const share = request.racing ? racedShare(request.racing, request.probes) : 1;
  const perPicture = [
    [request.probes, whole + (2 + evaluations * REUSE * share) * pruned], // two baselines
    [request.validation, whole + FINALISTS * REUSE * pruned],
    [request.heldOut, whole + 3 * pruned],
  ] as const;
  return {
    bank: { id: bankOf(own).id, request: own },
    calibrate: missing * (pass / rate + (1000 * factor) / (FACTOR_RATE * factorThreads)),
    search: perPicture.reduce((sum, [pictures, macs]) => sum + pictures * macs, 0) / rate,
    dense: (request.probes * whole) / rate,
    evaluations,
    bankBytes: bankBytes(spec.layers, stages, experiment.kind, secondOrder, request.storage === "f16"),
    missingBytes: claims.reduce((sum, { needed }) => sum + needed, 0),
  };
}

/** Median of three warm dense steps on as many pictures as there are probes. */
async function macsPerMillisecond(
  pipeline: Pipeline,
  request: SearchRequest,
  now: () => Milliseconds,
): Promise<number> {
  const labels = new Array<number>(Math.min(request.probes, 16)).fill(0);
  const batch = pipeline.batch(request.seed, "estimate", labels);
  const signal = new AbortController().signal;
  const { latents, stepTimes } = await pipeline.rollout(
    batch,
    undefined,
    { steps: 4, guidance: request.guidance, sampler: request.sampler },
    { signal },
  );
  const started = now();
  await latents.download(); // device time ends here
  const waiting = now() - started;
  latents.free();
  const rows = request.guidance > 1 ? 2 * labels.length : labels.length;
  return (rows * denoiserMacs(pipeline.model.spec)) / (median(stepTimes.slice(1)) + waiting / stepTimes.length);
}
