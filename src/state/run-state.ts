// What the page shows of one run: of a search while it goes on, or of one that was stored, finished or not.

import type {
  Comparison,
  Fork,
  Progress,
  Reuse,
  RoutedSchedule,
  RunCard,
  ScoredSchedule,
  SearchRequest,
  SearchResult,
  SearchSummary,
} from "../engine/api.ts";
import type { PictureRow } from "./run-folder.ts";

type GenerationRecord = SearchResult["generations"][number];

/** Where a shown run was made, when not by this browser. */
export interface Elsewhere {
  /** Of the folder or file. */
  readonly name: string;
  /** In one line: how, over how many stages, how far. Empty where nothing is known. */
  readonly about: string;
  /** It came with the page: see showcase.ts. */
  readonly stored?: true;
  /** It is read again while it is shown. */
  readonly watched: boolean;
  /** What its files disagree about. */
  readonly problems: readonly string[];
  /** What they do not say. */
  readonly missing: readonly string[];
  readonly pictures: readonly PictureRow[];
}

export interface RunState {
  readonly phase: "idle" | "running" | "paused" | "stopping";
  readonly id: string | undefined;
  readonly request: SearchRequest | undefined;
  /** Where it left for another course; empty unless it was forked. */
  readonly forks: readonly Fork[];
  /** The model it prunes. */
  readonly model: SearchResult["model"] | undefined;
  readonly space: SearchSummary | undefined;
  readonly generations: readonly GenerationRecord[];
  /** Scored candidates of the generation in progress. */
  readonly pending: readonly ScoredSchedule[];
  readonly best: ScoredSchedule | undefined;
  readonly schedule: RoutedSchedule | undefined;
  /** Dense, uniform, MosaicDiff as they are measured; all four once finished. */
  readonly comparisons: readonly Comparison[];
  readonly progress: Progress | undefined;
  /** What it did not have to do; undefined while unknown. */
  readonly reuse: Reuse | undefined;
  /** Generations that a stored, unfinished run had finished. */
  readonly reached: number;
  /** Only of a finished run. */
  readonly result: SearchResult | undefined;
  /** Only of a run that was made elsewhere: then it has no id, and nothing can go on with it. */
  readonly elsewhere: Elsewhere | undefined;
}

export const noRun: RunState = {
  phase: "idle",
  id: undefined,
  request: undefined,
  forks: [],
  model: undefined,
  space: undefined,
  generations: [],
  pending: [],
  best: undefined,
  schedule: undefined,
  comparisons: [],
  progress: undefined,
  reuse: undefined,
  reached: 0,
  result: undefined,
  elsewhere: undefined,
};

export function finished(result: SearchResult): RunState {
  return { ...stored(result), result };
}

/** How far a run had come; without its record only what its card says. */
export function unfinished(
  { run, request, forks, model, generation }: RunCard,
  record: SearchResult | undefined,
): RunState {
  return {
    ...(record ? stored(record) : noRun),
    id: run,
    request,
    forks,
    model: { id: model, name: "" },
    reached: generation,
  };
}

function stored(result: SearchResult): RunState {
  const { run, request, forks = [], model, space, generations, best, comparisons, reuse } = result;
  const schedule = best && { division: space.division, levels: best.levels, bank: space.bank };
  return { ...noRun, id: run, request, forks, model, space, generations, best, schedule, comparisons, reuse };
}
