// What schedules are searched for and compared by, on the command line. Sizes that are not given are the page's Quick.

import { presetOptions, presets, targets, USUAL_SEARCHER } from "../core/presets.ts";
import { CHUNK } from "../core/racing.ts";
import type { ModelCard, SearchRequest } from "../engine/api.ts";
import { metrics } from "../metrics/index.ts";
import { pruners } from "../pruners/index.ts";
import { searchers } from "../searchers/index.ts";
import { guidanceFlag, guidanceOf, samplerFlags, samplerOf, storageFlag, storageOf } from "./commands/command.ts";
import { readResult } from "./export/chosen.ts";
import { choiceFlag, type Flags, integerIn, numberIn, numbersIn, type ParsedFlags, shelfFlags } from "./flags.ts";

const { values: sizes } = presets.quick;
const usual = (searcher: string) => presetOptions("quick", searcher);

const FITNESS =
  'fitness, or several: "0.5 ssim + 0.5 latent-cosine", "latent-cosine at least 0.88, then fft" [ssim with a decoder, else latent-mse]';

/** Of everything that scores a schedule on the probes. */
export const scoringFlags: Flags = {
  ...shelfFlags(pruners, "obs", "pruning method"),
  stages: { value: "S", default: "10", help: "equal stages of the timesteps", check: integerIn(1) },
  budget: choiceFlag(["levels", "steps"], {
    default: "levels",
    help: "what every schedule keeps the sum of: levels of stages, or of the steps that visit them",
  }),
  probes: {
    value: "K",
    default: String(sizes.probes),
    help: "pictures on which candidates are compared",
    check: integerIn(1),
  },
  steps: { value: "N", default: "20", help: "sampling steps", check: integerIn(1) },
  ...guidanceFlag,
  ...samplerFlags,
  ...shelfFlags(metrics, undefined, FITNESS),
  items: {
    value: "N",
    default: String(sizes.calibrationItems),
    help: "calibration latents per stage",
    check: integerIn(1),
  },
  "stages-per-factor": {
    value: "K",
    default: String(sizes.stagesPerFactor),
    help: "neighbouring stages that share their factors; 1: each has its own, as in the paper",
    check: integerIn(1),
  },
  ...storageFlag,
  seed: { value: "N", default: "0", help: "of everything drawn", check: integerIn(-Infinity) },
};

/** Of a search, but for its target. */
export const searchFlags: Flags = {
  ...scoringFlags,
  ...shelfFlags(searchers, USUAL_SEARCHER, "search method", usual),
  generations: { value: "G", help: "short for --searcher.generations", shortFor: "searcher.generations" },
  warm: { value: "DIR,…", help: "folders of earlier searches, of any stages, whose winners join the start" },
  racing: {
    value: "C",
    help: "stop candidates that part of the probes shows out of reach, at this confidence of each comparison, such as 0.9 [off: all are scored on all probes, as in the paper]",
    check: numberIn(0.5, 1),
  },
  "racing.chunk": {
    value: "K",
    default: String(CHUNK),
    help: "probes until the first comparison; each further part is half as large as all before it",
    check: integerIn(2),
  },
  validation: {
    value: "K",
    default: String(sizes.validation),
    help: "other pictures on which the best candidates are compared before one wins; 0: the probes decide",
    check: integerIn(0),
  },
  "held-out": {
    value: "K",
    default: String(sizes.heldOut),
    help: "other pictures on which the winner is judged",
    check: integerIn(2),
  },
};

export const targetsFlag: Flags = {
  targets: { value: "X,…", default: targets.join(","), help: "mean sparsities, each in 0 … 1", check: numbersIn(0, 1) },
};

type Searching = Omit<SearchRequest, "target">;
type Scoring = Omit<Searching, "searcher" | "warm" | "racing" | "validation" | "heldOut">;

export function scoringOf(flags: ParsedFlags, card: ModelCard): Scoring {
  return {
    pruner: flags.choice(pruners),
    stages: flags.integer("stages"),
    ...(flags.text("budget") === "steps" && { budget: "steps" }),
    metric: flags.choice(metrics, undefined, flags.optional("metric") ?? (card.hasDecoder ? "ssim" : "latent-mse")),
    probes: flags.integer("probes"),
    steps: flags.integer("steps"),
    guidance: guidanceOf(flags, card),
    sampler: samplerOf(flags, card),
    calibrationItems: flags.integer("items"),
    stagesPerFactor: flags.integer("stages-per-factor"),
    storage: storageOf(flags),
    seed: flags.integer("seed"),
  };
}

/** @throws missing-data, corrupt-data when an earlier search cannot be read */
export async function searchingOf(flags: ParsedFlags, card: ModelCard): Promise<Searching> {
  return {
    ...scoringOf(flags, card),
    searcher: flags.choice(searchers, usual),
    ...(flags.optional("racing") && {
      racing: { confidence: flags.number("racing"), chunk: flags.integer("racing.chunk") },
    }),
    validation: flags.integer("validation"),
    heldOut: flags.integer("held-out"),
    ...(await warmOf(flags)),
  };
}

/** The winners of earlier searches. @throws missing-data, corrupt-data */
async function warmOf(flags: ParsedFlags): Promise<Pick<SearchRequest, "warm">> {
  const folders = flags.optional("warm")?.split(",") ?? [];
  const results = await Promise.all(folders.map(readResult));
  return results.length > 0
    ? { warm: results.map(({ space, best }) => ({ division: space.division, levels: best.levels })) }
    : {};
}
