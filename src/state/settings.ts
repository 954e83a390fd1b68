// What a person sets before a search: a SearchRequest, complete at any time. From one table of options follow the
// form, the checks, and the form it takes in a link (#stages=20&pruner=layerdrop&searcher.generations=30), which
// holds only what differs from the defaults.

import { checkOption, defaultsOf, type OptionSpec, type OptionValue, type OptionValues } from "../core/options.ts";
import { type PresetId, presetIds, presetOptions, presetSearcher, presets, USUAL_SEARCHER } from "../core/presets.ts";
import { CHUNK } from "../core/racing.ts";
import type { Schedule } from "../core/schedule.ts";
import type { Choice, SearchRequest } from "../engine/api.ts";
import { metrics } from "../metrics/index.ts";
import { pruners } from "../pruners/index.ts";
import { samplers } from "../samplers/index.ts";
import { searchers } from "../searchers/index.ts";
import { linkedWarm, parseWarm } from "./warm.ts";

export type Settings = SearchRequest;

/** The shelves a request chooses from, by the name of its field. */
export const shelves = { pruner: pruners, searcher: searchers, metric: metrics, sampler: samplers } as const;
export type ShelfName = keyof typeof shelves;
const shelfNames = Object.keys(shelves) as readonly ShelfName[];

export const settingOptions = {
  stages: {
    kind: "integer",
    label: "Stages",
    help: "Equal ranges of timesteps, each with its own pruning level. Every stage needs a sampling step.",
    source: "Diff-ES §3.1",
    default: 10,
    min: 1,
    max: 50,
  },
  target: {
    kind: "number",
    label: "Target sparsity",
    help: "Mean share of structures removed. The same budget holds for every schedule that is compared.",
    equation: "B = S · round(target · L): S stages, L levels at most",
    source: "Diff-ES §3.2",
    default: 0.5,
    min: 0.01,
    max: 0.99,
  },
  budget: {
    kind: "choice",
    label: "Budget over",
    help: "What every schedule keeps the sum of: levels of stages, Σ ℓₛ, as in the paper (Diff-ES §3.2), or levels of the steps that visit them, Σ nₛ ℓₛ, where stages differ in steps.",
    default: "levels",
    choices: ["levels", "steps"],
  },
  probes: {
    kind: "integer",
    label: "Probe pictures",
    help: "Pictures on which every candidate is scored against the dense model.",
    source: "Diff-ES §3.2",
    default: 4,
    min: 1,
    max: 256,
    unit: "pictures",
  },
  racing: {
    kind: "number",
    label: "Racing",
    help: "Stops candidates that part of the probes shows out of reach, at this confidence of each comparison, such as 0.9. 0: all are scored on all probes, as in the paper.",
    default: 0,
    min: 0,
    max: 0.999,
  },
  validation: {
    kind: "integer",
    label: "Validation pictures",
    help: "Other pictures on which the eight best candidates are compared before one wins. 0: the probes decide, as in the paper.",
    default: 8,
    min: 0,
    max: 512,
    unit: "pictures",
  },
  heldOut: {
    kind: "integer",
    label: "Held-out pictures",
    help: "Other pictures, never used by the search, on which the winner is compared with the baselines.",
    default: 16,
    min: 2,
    max: 512,
    unit: "pictures",
  },
  calibrationItems: {
    kind: "integer",
    label: "Calibration latents",
    help: "Noised latents per stage from which the pruner learns what may go.",
    equation: "x_t = √ᾱ_t z + √(1 − ᾱ_t) ε, t within the stage",
    source: "Diff-ES §3.3",
    default: 32,
    min: 1,
    max: 4096,
    unit: "per stage",
  },
  stagesPerFactor: {
    kind: "integer",
    label: "Stages per factor",
    help: "Neighbouring stages that are calibrated together and share their pruned weights. 1: each has its own, as in the paper.",
    source: "Diff-ES §3.3",
    default: 2,
    min: 1,
    max: 50,
    unit: "stages",
  },
  storage: {
    kind: "choice",
    label: "Bank storage",
    help: "f16 keeps pruned weights in half the room. Each is rounded to 11 bits; how far the worst lie from f32 is measured and shown with the result.",
    default: "f32",
    choices: ["f32", "f16"],
  },
  steps: {
    kind: "integer",
    label: "Sampling steps",
    help: "Denoising steps of one picture.",
    default: 20,
    min: 1,
    max: 250,
    unit: "steps",
  },
  guidance: {
    kind: "number",
    label: "Guidance",
    help: "Classifier-free guidance scale; 1 switches it off.",
    equation: "ε = ε∅ + g (ε_c − ε∅)",
    default: 2,
    min: 1,
    max: 20,
  },
  seed: {
    kind: "integer",
    label: "Seed",
    help: "All randomness follows from it: the same seed gives the same search.",
    default: 0,
    min: 0,
    max: 2 ** 31 - 1,
  },
} as const satisfies OptionSpec;
export type SettingName = keyof typeof settingOptions;
export const settingNames = Object.keys(settingOptions) as readonly SettingName[];

/** Absent where they are the default: runs from before there was a choice stay the same runs. */
const omitted: ReadonlySet<SettingName> = new Set(["storage", "budget", "racing"]);

/** With every field, absent ones too, in the order on which the identity of a run depends. */
export function defaultSettings(): Settings {
  const { storage, budget, racing, ...rest } = defaultsOf(settingOptions);
  const absent = { storage: undefined, budget: undefined, warm: undefined, racing: undefined };
  return withPreset({ ...rest, ...defaultChoices(), ...absent }, "quick");
}

/** The same settings, fields in one order: those of stored runs may come in another. */
export function inOrder<S extends Partial<Settings>>(settings: S): Settings & S {
  return { ...defaultSettings(), ...settings };
}

/** One changed. */
export function withSetting(settings: Settings, name: SettingName, value: OptionValue): Settings {
  const absent = omitted.has(name) && value === settingOptions[name].default;
  const given = name === "racing" ? { confidence: value } : value;
  const changed = { ...inOrder(settings), [name]: absent ? undefined : given };
  const { racing, probes } = changed;
  return racing ? { ...changed, racing: { ...racing, chunk: chunkOf(probes) } } : changed;
}

/** Few probes leave room for small chunks only. */
function chunkOf(probes: number): number {
  return Math.max(2, Math.min(CHUNK, Math.floor(probes / 2)));
}

/** With other schedules to start from; none when there are none. */
export function withWarm(settings: Settings, warm: readonly Schedule[]): Settings {
  return { ...inOrder(settings), warm: warm.length > 0 ? warm : undefined };
}

/** What a setting is, where it was left out too. */
export function settingOf(settings: Settings, name: SettingName): OptionValue {
  const value = name === "racing" ? settings.racing?.confidence : settings[name];
  return value ?? settingOptions[name].default;
}

function defaultChoices(): Record<ShelfName, Choice> {
  const preferred = { pruner: "obs", searcher: USUAL_SEARCHER, metric: "ssim", sampler: "ddim" };
  return Object.fromEntries(shelfNames.map((name) => [name, choiceOf(name, preferred[name])])) as Record<
    ShelfName,
    Choice
  >;
}

/** A method with all its options at their defaults. */
export function choiceOf(name: ShelfName, id: string): Choice {
  return { id, options: defaultsOf(shelves[name].get(id).options) };
}

export function withPreset(settings: Settings, id: PresetId): Settings {
  const searcher = presetSearcher(id, settings.searcher.id);
  const { options } = searcher === settings.searcher.id ? settings.searcher : choiceOf("searcher", searcher);
  return {
    ...settings,
    ...presets[id].values,
    searcher: { id: searcher, options: { ...options, ...sizesOf(id, searcher) } },
  };
}

/** Of a preset's options those that the searcher has. */
function sizesOf(id: PresetId, searcher: string): OptionValues {
  const known = searchers.get(searcher).options;
  return Object.fromEntries(Object.entries(presetOptions(id, searcher)).filter(([key]) => Object.hasOwn(known, key)));
}

/** The preset whose work these settings ask for; undefined when a person chose otherwise. */
export function presetOf(settings: Settings): PresetId | undefined {
  return presetIds.find((id) => {
    const { id: searcher, options } = settings.searcher;
    const same = Object.entries(presets[id].values).every(([key, value]) => settings[key as SettingName] === value);
    const own = presetSearcher(id, searcher) === searcher;
    return same && own && Object.entries(sizesOf(id, searcher)).every(([key, value]) => options?.[key] === value);
  });
}

/** Everything that differs from the defaults, as `key=value&…`; empty for the defaults. */
export function encodeSettings(settings: Settings): string {
  const defaults = defaultSettings();
  const parts = new URLSearchParams();
  for (const key of settingNames) {
    const value = settingOf(settings, key);
    if (value !== settingOf(defaults, key)) parts.set(key, String(value));
  }
  for (const name of shelfNames) {
    const choice = settings[name];
    if (choice.id !== defaults[name].id) parts.set(name, choice.id);
    const usual = choice.id === defaults[name].id ? defaults[name].options : choiceOf(name, choice.id).options;
    for (const [key, value] of Object.entries(choice.options ?? {}))
      if (usual?.[key] !== value) parts.set(`${name}.${key}`, String(value));
  }
  if (settings.warm) parts.set("warm", linkedWarm(settings.warm));
  return parts.toString();
}

/** Reads a link; what cannot be used keeps its default and is named in `problems`. */
export function decodeSettings(text: string): { settings: Settings; problems: string[] } {
  const parts = new URLSearchParams(text);
  let settings = defaultSettings();
  const problems: string[] = [];
  const attempt = (change: () => void) => {
    try {
      change();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  for (const name of shelfNames) {
    const id = parts.get(name);
    if (id !== null) attempt(() => (settings = { ...settings, [name]: choiceOf(name, id) }));
  }
  for (const [key, text] of parts) {
    const [name, option] = key.split(".") as [string, string | undefined];
    if (Object.hasOwn(settingOptions, key))
      attempt(() => {
        settings = withSetting(settings, key as SettingName, parseOption(settingOptions, key, key, text));
      });
    else if (option !== undefined && name in shelves)
      attempt(() => {
        const choice = settings[name as ShelfName];
        const spec = shelves[name as ShelfName].get(choice.id).options;
        const options = { ...choice.options, [option]: parseOption(spec, option, key, text) };
        settings = { ...settings, [name]: { ...choice, options } };
      });
    else if (key === "warm") attempt(() => (settings = withWarm(settings, parseWarm(text))));
    else if (!(key in shelves)) problems.push(`${key}: there is no such setting`);
  }
  return { settings, problems };
}

/** @throws invalid-option */
function parseOption(spec: OptionSpec, key: string, where: string, text: string): OptionValue {
  const option = Object.hasOwn(spec, key) ? spec[key] : undefined;
  if (!option) throw new Error(`${where}: there is no such setting`);
  const value = option.kind === "boolean" ? text === "true" : option.kind === "choice" ? text : Number(text);
  return checkOption(where, option, text === "" ? "" : value);
}
