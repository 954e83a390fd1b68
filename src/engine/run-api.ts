// The contract's part on runs: see api.ts.

import type { OptionValues } from "../core/options.ts";
import type { Bytes, Level } from "../core/tensor.ts";
import type { On, SearchEvent, SearchRequest, SearchResult } from "./api.ts";

/** A run as it is listed. */
export interface RunCard {
  readonly run: string;
  /** What it began with; another number of generations may have been asked for since. */
  readonly request: SearchRequest;
  /** Where it left for another course, the first fork first; empty unless it was forked. */
  readonly forks: readonly Fork[];
  /** Its id. */
  readonly model: string;
  readonly finished: boolean;
  readonly generation: number;
  /** Given by a person; undefined until then. */
  readonly name?: string | undefined;
  /** In storage, without its evaluations: other runs may have them too. */
  readonly bytes: Bytes;
  /** Of the winner, once somebody has drawn and kept one. */
  readonly picture?: Thumbnail | undefined;
  /** Of what it found last, when it was finished once. */
  readonly outcome?: Outcome | undefined;
}

/** Small enough to be listed. */
export interface Thumbnail {
  readonly side: number;
  /** RGBA, side x side. */
  readonly pixels: Uint8ClampedArray;
}

/** What a list says of a result. */
export interface Outcome extends Pick<SearchResult, "elapsed"> {
  /** Of the winner. */
  readonly levels: readonly Level[];
  readonly maxLevel: Level;
  /** On the probes. */
  readonly fitness: number;
  /** Mean over the held-out pictures; undefined when there were none. */
  readonly heldOut?: number | undefined;
  /** Better than both baselines, intervals above zero. */
  readonly better: boolean;
}

/** From here on, a run is searched with another seed or other options. */
export interface Fork {
  /** The run that it shares what was before with. */
  readonly of: string;
  /** Generations that were finished by then. */
  readonly at: number;
  /** Of the searcher; pictures and banks stay those of the request. */
  readonly seed: number;
  /** All options of the searcher that were given. */
  readonly options: OptionValues;
}

/** Of the denoiser, one for each step of the whole batch; on part of its pictures, as large a part of one. */
export interface Calls {
  readonly run: number;
  /** Their latents were known: an earlier schedule had begun with the same levels, or the dense model with no pruning. */
  readonly saved: number;
}
/** What a search did not have to do, on the probes and since it was last begun. */
export interface Reuse {
  /** Candidates whose scores had been recorded, by this run or another. */
  readonly found: number;
  /** Of the others, those that did not start from noise. */
  readonly prefixes: number;
  /** Of these others. */
  readonly calls: Calls;
}

/** What racing has spared in all of a search, found or not. */
export interface Raced {
  /** Candidates. */
  readonly stopped: number;
  /** Sample evaluations: one picture of one candidate, from noise to its score. */
  readonly samples: { readonly run: number; readonly saved: number };
}

export interface ResumeRequest {
  readonly run: string;
  /** How many there are to be in all, if not as many as were asked for before. */
  readonly generations?: number | undefined;
}
export interface ForkRequest {
  readonly run: string;
  readonly at: number;
  readonly seed?: number | undefined;
  /** Those of the searcher that change. */
  readonly options?: OptionValues | undefined;
}
export interface InjectRequest {
  readonly run: string;
  readonly levels: readonly Level[];
}

export interface RunVerbs {
  /** Continues where an interrupted run of the same request stopped. */
  search(request: SearchRequest, on: On<SearchEvent>, signal: AbortSignal): Promise<SearchResult>;
  /**
   * Continues a stored run, whatever it is.
   * @throws missing-data; invalid-input for fewer generations than it has finished
   */
  resume(request: ResumeRequest, on: On<SearchEvent>, signal: AbortSignal): Promise<SearchResult>;
  /**
   * Makes a run that shares another's first generations; `resume` goes on with it. Equal forks are the same run.
   * @throws missing-data, invalid-option; invalid-input for a generation that was not finished
   */
  fork(request: ForkRequest): Promise<RunCard>;
  /**
   * Has a schedule made by hand join the run's next generation, also of a search that is running.
   * @throws missing-data; invalid-input for levels off the run's stages or budget
   */
  inject(request: InjectRequest): Promise<void>;
  runs(): Promise<readonly RunCard[]>;
  /** The result of a run that was finished; undefined when there is none (`resume` goes on). */
  run(id: string): Promise<SearchResult | undefined>;
  /** An empty name takes it back. @throws missing-data */
  renameRun(id: string, name: string): Promise<void>;
  /**
   * Keeps a picture with a run, instead of an earlier one.
   * @throws missing-data; invalid-input when it is not square or no thumbnail
   */
  keepPicture(id: string, picture: Thumbnail): Promise<void>;
  removeRun(id: string): Promise<void>;
}
