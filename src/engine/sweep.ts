// Quality against cost: one search after the other, each for its own budget and each starting from what the ones before
// have found. All prune with one bank. A sweep keeps nothing of its own: it is its runs, so one that was killed takes the
// finished ones as they are and goes on with the next.

import { StudioError } from "../core/errors.ts";
import type { Schedule } from "../core/schedule.ts";
import type { Milliseconds, Ratio } from "../core/tensor.ts";
import type {
  Comparison,
  MethodPoint,
  On,
  Progress,
  SearchEvent,
  SearchRequest,
  SearchResult,
  SweepEvent,
  SweepPoint,
  SweepRequest,
  SweepResult,
} from "./api.ts";
import { meanInterval } from "./verdict.ts";

/** How single searches are run. */
export interface Searches {
  /** @throws unless such a search can be begun */
  check(request: SearchRequest): void;
  /** The result of the run of this request, if it was finished. */
  finished(request: SearchRequest): Promise<SearchResult | undefined>;
  /** Begins the run of this request, or goes on with it. */
  search(request: SearchRequest, on: On<SearchEvent>, signal: AbortSignal): Promise<SearchResult>;
  now(): Milliseconds;
}

/** @throws invalid-input for no targets, or one given twice; what `search` throws for the rest */
export async function runSweep(
  request: SweepRequest,
  searches: Searches,
  on: On<SweepEvent>,
  signal: AbortSignal,
): Promise<SweepResult> {
  const { now } = searches;
  const started = now();
  const { targets, ...setting } = request;
  checkTargets(targets);
  for (const target of targets) searches.check({ ...setting, target });

  const results: SearchResult[] = [];
  const points: SweepPoint[] = [];
  /** Of searches that this call has run. */
  const lasted: Milliseconds[] = [];
  for (const [index, target] of targets.entries()) {
    signal.throwIfAborted();
    const asked = { ...setting, target, ...warmFrom(request, target, results) };
    const begun = now();
    const after = targets.length - 1 - index;
    const onEvent = (event: SearchEvent) => {
      if (event.type !== "progress") return on({ type: "search", target, event });
      const each = lasted.length > 0 ? mean(lasted) : now() - begun + (event.left ?? 0);
      on(ofSweep(event, target, after * each));
    };
    const known = await searches.finished(asked);
    const result = known ?? (await searches.search(asked, onEvent, signal));
    if (!known) lasted.push(now() - begun);
    const point = pointOf(result);
    results.push(result);
    points.push(point);
    on({ type: "point", point });
  }

  const [{ model, space, comparisons, device }] = results as [SearchResult];
  return {
    request,
    model,
    division: space.division,
    bank: space.bank,
    storageError: space.storageError,
    dense: methodPoint(comparisons.find(({ id }) => id === "dense") as Comparison),
    points,
    elapsed: now() - started,
    device,
  };
}

function checkTargets(targets: readonly Ratio[]): void {
  if (targets.length === 0) throw new StudioError("invalid-input", "sweep: no targets; give one or more, such as 0.5");
  const twice = targets.find((target, index) => targets.indexOf(target) < index);
  if (twice !== undefined)
    throw new StudioError("invalid-input", `sweep: the target ${twice} is given twice; give each once`);
}

/** The winners so far, that of the nearest budget first, then the request's own; nothing while there are none. */
function warmFrom(
  { warm = [] }: SweepRequest,
  target: Ratio,
  results: readonly SearchResult[],
): Pick<SearchRequest, "warm"> {
  const distance = ({ request }: SearchResult) => Math.abs(request.target - target);
  const nearest = [...results].sort((a, b) => distance(a) - distance(b));
  const winners = nearest.map(({ space, best }): Schedule => ({ division: space.division, levels: best.levels }));
  return winners.length > 0 ? { warm: [...winners, ...warm] } : {};
}

/** Progress of one search as that of the sweep. @param later time that the searches after it will take, about */
function ofSweep(progress: Progress, target: Ratio, later: Milliseconds): Progress {
  const label = `${Number((100 * target).toFixed(2))} %: ${progress.label}`;
  return { ...progress, label, left: progress.left === undefined ? undefined : progress.left + later };
}

function pointOf({ request, run, comparisons, verdict, rankCorrelation }: SearchResult): SweepPoint {
  const methods = comparisons.filter(({ id }) => id !== "dense").map(methodPoint);
  return { target: request.target, run, methods, verdict, rankCorrelation };
}

function methodPoint({ id, schedule, fitness, heldOut, cost }: Comparison): MethodPoint {
  const { macs, sparsity } = cost;
  return { id, schedule, fitness, macs, sparsity, heldOut: meanInterval(heldOut) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
