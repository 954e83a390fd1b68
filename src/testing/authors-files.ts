// What the authors' DiT code leaves of a Wanda search over three stages, numbered from the low timesteps: their schema,
// written by hand, for a model of 2 blocks, 4 heads and 8 channels.

const orders = (heads: number[]) => ({ attn_heads_order: heads, mlp_channels_order: [7, 1, 0, 2, 3, 4, 6, 5] });
const blocks = (heads: number[]) => ({ "0": orders(heads), "1": orders([2, 0, 1, 3]) });
const scored = (score: number, levels: number[]) => ({ score, levels, ratios: levels.map((level) => level / 4) });

/** What meta.json and the head of evolution.json both say. */
const search = () => ({
  mode: "secondorder",
  stages: [
    [0, 332],
    [333, 666],
    [667, 999],
  ],
  generations: 1,
  offspring: 16,
  survivors_per_selection: [1],
  mutation_max_levels: 5,
  target_level_int: 2,
  start_level_int: null,
  H: 4,
  k_semantics: "levels_per_stage",
});

/** Parsed JSON by file name; new objects at every call, to be spoiled. */
export const authorsFiles = () => ({
  "levels_per_stage.json": { "0": 1, "1": 2, "2": 3 } as Record<string, number> | number[],
  "ratios_per_stage.json": { "0": 0.25, "1": 0.5, "2": 0.75 } as Record<string, number> | number[],
  "meta.json": {
    ...search(),
    prune_method: "wanda",
    num_sampling_steps: 20,
    number_of_stages: 3,
    use_levels: true,
    depth: 2,
    num_heads: 4,
    mutation_n_valid: 1,
    cfg_scale: 2.1,
    calibration_loader_nsamples: 2048,
    fitness_type: "trajectory",
    traj_fitness_mode: "final",
    traj_suffix_steps: null,
    traj_suffix_frac: 0.5,
    traj_late_weighting: "cosine",
    traj_include_eps: false,
    traj_eps_weight: 0.3,
    traj_probe_batch: 64,
    traj_probe_seed: 1234,
    traj_fitness_metric: "img_topiq",
    used_validation: false,
    seed: 42,
  },
  "timings.json": {
    calibration: { seconds: 3600, minutes: 60, hours: 1 },
    search: { seconds: 7200, minutes: 120, hours: 2 },
    total_prune: { seconds: 10800, minutes: 180, hours: 3 },
    prune_method: "wanda",
    num_stages: 3,
    target_level: 2,
    seed: 42,
  },
  "orders_wanda.json": { "0": blocks([3, 2, 1, 0]), "1": blocks([2, 0, 1, 3]), "2": blocks([0, 1, 2, 3]) },
  "evolution.json": {
    meta: search(),
    generations: [
      {
        generation: 0,
        target_level: 2,
        selections: [
          {
            selection_index: 0,
            pool_size: 2,
            survivors_n: 1,
            pool: [scored(0.5, [2, 2, 2]), scored(0.75, [1, 2, 3])],
            survivors: [scored(0.75, [1, 2, 3])],
          },
        ],
        best_so_far: scored(0.75, [1, 2, 3]),
      },
    ],
  },
});
export type AuthorsFiles = ReturnType<typeof authorsFiles>;

export function textsOf(files: object): Map<string, string> {
  return new Map(Object.entries(files).map(([name, json]) => [name, JSON.stringify(json)]));
}
