// meta.json: what a search was asked for. The authors' DiT code writes all of these fields; what has no counterpart here
// is null. `studio` is ours: what a reader must know to take the levels as they are meant.

import * as z from "zod/mini";
import { type Division, reversed } from "../../core/schedule.ts";
import type { Level } from "../../core/tensor.ts";
import { checkShape, parseJson, type Report, toJson } from "./folder.ts";
import { type Kind, kindOf, methodFromAuthors, methodToAuthors, modeOf, modeSchema } from "./method.ts";
import { divisionToRanges, rangesSchema, rangesToDivision } from "./stages.ts";

/**
 * How levels are meant. "intended": level L of H removes L heads and round(L F / H) channels. "official-compat": levels
 * are what the authors' reader has to be told (see `official.ts`).
 */
export type LevelMapping = "intended" | "official-compat";

/** What a schedule is a schedule of, and under which budget. */
export interface Meta {
  readonly method: string;
  readonly kind: Kind;
  readonly division: Division;
  readonly maxLevel: Level;
  /** Mean level per stage, when it is a whole one. */
  readonly targetLevel?: Level | undefined;
  /** Sampling steps. */
  readonly steps: number;
  readonly guidance: number;
  readonly mapping: LevelMapping;
  /** Visited steps in each stage, sampling order. */
  readonly stepsPerStage?: readonly number[] | undefined;
  /** Hash of the model's weights, when the file came from here. */
  readonly model?: string | undefined;
  readonly depth?: number | undefined;
  readonly heads?: number | undefined;
}

/** What a search was asked for besides. */
export interface SearchSettings {
  readonly generations: number;
  readonly offspring: number;
  readonly survivors: number;
  readonly maxMove: number;
  readonly mutations: number;
  /** Calibration latents per stage, each used with its label and with the null label. */
  readonly calibrationItems: number;
  readonly metric: string;
  /** Steps that are compared, how they are weighted, and the share of them that a suffix has. */
  readonly compared: { readonly mode: string; readonly weights: string; readonly suffix: number };
  readonly probes: number;
  /** Whether other pictures than the probes chose the winner. */
  readonly validated: boolean;
  readonly seed: number;
}

/** Fitness metrics under the names of the authors' command line; others, and combinations, keep ours. */
const METRICS: Readonly<Record<string, string>> = {
  "latent-mse": "latent_mse",
  "latent-abs": "latent_abs",
  "latent-cosine": "latent_cos",
  "latent-snr": "latent_snr",
  mse: "img_mse",
  ssim: "img_ssim",
  fft: "img_fft",
};

const count = z.int().check(z.positive());
const schema = z.looseObject({
  prune_method: z.string(),
  mode: modeSchema,
  num_sampling_steps: z.coerce.number().check(z.positive()), // their respacing takes it as text
  number_of_stages: count,
  stages: rangesSchema,
  H: count,
  target_level_int: z.nullable(z.int()),
  cfg_scale: z.number(),
  depth: z.optional(count),
  num_heads: z.optional(z.nullable(count)),
  k_semantics: z.optional(z.literal("levels_per_stage")),
  studio: z.optional(
    z.looseObject({
      k_mapping: z.enum(["intended", "official-compat"]),
      steps_per_stage: z.optional(z.array(count)),
      model: z.optional(z.string()),
    }),
  ),
});

/** Without `settings` when nobody searched. */
export function writeMeta(meta: Meta, settings?: SearchSettings): string {
  const { kind, division, stepsPerStage } = meta;
  const metric = settings && (METRICS[settings.metric] ?? settings.metric);
  const { mode = "final", weights = null, suffix = null } = settings?.compared ?? {};
  return toJson({
    prune_method: methodToAuthors(meta.method),
    num_sampling_steps: meta.steps,
    number_of_stages: division.length,
    stages: divisionToRanges(division),
    generations: settings?.generations ?? null,
    offspring: settings?.offspring ?? null,
    survivors_per_selection: settings ? [settings.survivors] : null,
    use_levels: true,
    mode: modeOf(kind),
    depth: meta.depth,
    num_heads: kind === "depth" ? null : meta.heads,
    H: meta.maxLevel,
    target_level_int: meta.targetLevel ?? null,
    start_level_int: null,
    mutation_max_levels: settings?.maxMove ?? null,
    mutation_n_valid: settings?.mutations ?? null,
    cfg_scale: meta.guidance,
    calibration_loader_nsamples: settings ? 2 * settings.calibrationItems : null,
    fitness_type: "trajectory",
    traj_fitness_mode: mode,
    traj_suffix_steps: null,
    traj_suffix_frac: mode === "suffix" ? suffix : null,
    traj_late_weighting: mode === "final" ? null : weights, // of the same shape; theirs favours the earliest steps
    traj_include_eps: false,
    traj_eps_weight: null,
    traj_probe_batch: settings?.probes ?? null,
    traj_probe_seed: settings?.seed ?? null,
    traj_fitness_metric: metric ?? null,
    used_validation: settings?.validated ?? false,
    seed: settings?.seed ?? null,
    k_semantics: "levels_per_stage",
    studio: {
      orientation: "stage 0 holds the lowest timesteps and is sampled last",
      k_mapping: meta.mapping,
      steps_per_stage: stepsPerStage && reversed(stepsPerStage),
      model: meta.model,
    },
  });
}

/** Undefined after a report. */
export function readMeta(text: string, report: Report): Meta | undefined {
  const file = checkShape(schema, parseJson(text, report), report);
  if (!file) return undefined;
  if (file.number_of_stages !== file.stages.length)
    report(`number_of_stages is ${file.number_of_stages}, but stages lists ${file.stages.length}`);
  return {
    method: methodFromAuthors(file.prune_method),
    kind: kindOf(file.mode),
    division: rangesToDivision(file.stages),
    maxLevel: file.H,
    targetLevel: file.target_level_int ?? undefined,
    steps: file.num_sampling_steps,
    guidance: file.cfg_scale,
    mapping: file.studio?.k_mapping ?? "intended",
    stepsPerStage: file.studio?.steps_per_stage && reversed(file.studio.steps_per_stage),
    model: file.studio?.model,
    depth: file.depth,
    heads: file.num_heads ?? undefined,
  };
}
