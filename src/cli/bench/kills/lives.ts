// A search in many lives: begun, killed at a random moment, begun again, and at last left alone. What each life made is
// counted from what it stored, not from what it says.

import { setTimeout } from "node:timers/promises";
import { stream } from "../../../core/rng.ts";
import type { Ratio } from "../../../core/tensor.ts";
import type { SearchResult } from "../../../engine/api.ts";
import type { Context } from "../../commands/command.ts";
import { overheadOf, round3, type Timing, timing } from "../measure.ts";

export type Seconds = number;

/** What one process came to. */
export interface Account {
  /** What it was doing when it was last heard of. */
  readonly phase: string;
  /** Evaluations that it made, oldest first, and how long after its start. */
  readonly made: readonly { readonly address: string; readonly seconds: Seconds }[];
  /** Evaluations that were stored when it began, and those of them that were there no more. */
  readonly before: number;
  readonly lost: number;
}

export interface Life extends Account {
  /** Undefined when it was killed. */
  readonly result: SearchResult | undefined;
  readonly seconds: Seconds;
}

/** A process that goes on with the search. */
export interface Attempt {
  /** Settles when it has made so many evaluations, or has ended. */
  reached(evaluations: number): Promise<unknown>;
  /** Undefined when it was killed. */
  readonly ended: Promise<SearchResult | undefined>;
  /** At once and as a whole. */
  kill(): Promise<void>;
  /** Once it has ended. */
  account(): Promise<Account>;
}

/** Begins the search in some place, or goes on with what is there. */
export type Start = () => Promise<Attempt>;

/** The search in one place undisturbed, and in another killed so many times: what the two have in common. */
export async function endure(undisturbed: Start, killed: Start, kills: number, { signal, report }: Context) {
  const whole = await live(await undisturbed());
  const found = whole.result as SearchResult;
  const { historyHash, device, model } = found;
  report(`undisturbed: ${round3(whole.seconds)} s`);
  const lives = await outlive(killed, kills, momentsOf(SEED, kills, whole), ({ phase, made, seconds, result }) => {
    signal.throwIfAborted();
    report(`${result ? "ended" : "killed"} after ${round3(seconds)} s, ${made.length} evaluations: ${phase}`);
  });
  return {
    device: device.name,
    model: model.id,
    historyHash,
    seconds: round3(whole.seconds),
    overhead: overheadOf(found),
    ...survival(whole, lives),
  };
}

/** So long after so many evaluations; after none: after the start, unless the first evaluation comes before that. */
export interface Moment {
  readonly evaluations: number;
  readonly seconds: Seconds;
}

/** Of the moments. */
const SEED = 0;
/** Of the kills: they hit a process while it starts or calibrates, before it has scored anything. */
const EARLY: Ratio = 1 / 3;
/** Of the search: so much is done when the kills are over, about. */
const DONE: Ratio = 0.6;

/**
 * Random moments to kill at, spread over the search by what it has done rather than by the clock, which tells little on a
 * busy machine.
 * @param whole the search, undisturbed
 */
export function momentsOf(seed: number, kills: number, whole: Life): (earlier: readonly Life[]) => Moment {
  const random = stream(seed, "kills");
  const each = ((whole.made.at(-1)?.seconds ?? 0) - (firstScore(whole) ?? 0)) / whole.made.length;
  const mean = (DONE * whole.made.length) / ((1 - EARLY) * kills);
  return (earlier) => {
    const starting = [...earlier].reverse().find(resumed) ?? whole;
    return random.uniform() < EARLY
      ? { evaluations: 0, seconds: random.uniform() * (firstScore(starting) as Seconds) }
      : { evaluations: 1 + random.below(Math.max(1, Math.round(2 * mean - 1))), seconds: random.uniform() * each };
  };
}

/** Until so many attempts were killed, or one had ended before its moment: the last one ends by itself. */
export async function outlive(
  start: Start,
  kills: number,
  moment: (earlier: readonly Life[]) => Moment,
  report: (life: Life) => void,
): Promise<Life[]> {
  const lives: Life[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const life = await live(await start(), moment(lives));
    lives.push(life);
    report(life);
    if (life.result) return lives;
  }
  return [...lives, await live(await start())];
}

export async function live(attempt: Attempt, moment?: Moment): Promise<Life> {
  const begun = performance.now();
  const over = new AbortController();
  const killing = moment && killAt(attempt, moment, over.signal);
  const result = await attempt.ended;
  const seconds = (performance.now() - begun) / 1000;
  over.abort();
  await killing;
  return { ...(await attempt.account()), result, seconds };
}

async function killAt(attempt: Attempt, { evaluations, seconds }: Moment, over: AbortSignal): Promise<void> {
  const late = () => setTimeout(1000 * seconds, undefined, { signal: over }).catch(() => {});
  if (evaluations > 0) await attempt.reached(evaluations).then(late);
  else await Promise.race([attempt.reached(1), late()]);
  if (!over.aborted) await attempt.kill();
}

export interface Survival {
  readonly kills: number;
  /** How many hit what. */
  readonly phases: Readonly<Record<string, number>>;
  readonly sameWinner: boolean;
  readonly sameHistory: boolean;
  /** Of the undisturbed search, and of all lives together: different ones. */
  readonly evaluations: { readonly undisturbed: number; readonly killed: number };
  /** Stored evaluations that a later life made again: in all, and after any one kill. */
  readonly again: { readonly all: number; readonly most: number };
  /** Stored evaluations that a later life did not find. */
  readonly lost: number;
  /** From the start of a process that goes on with a search until it has stored a score of its own. */
  readonly resumeSeconds: Timing;
}

/** @param whole undisturbed. @param lives the last of them ended by itself */
export function survival(whole: Life, lives: readonly Life[]): Survival {
  const last = lives.at(-1)?.result;
  const killed = lives.filter(({ result }) => !result);
  const phases: Record<string, number> = {};
  for (const { phase } of killed) phases[phase] = (phases[phase] ?? 0) + 1;
  const seen = new Set<string>();
  const again = lives.map(({ made }) => {
    const twice = made.filter(({ address }) => seen.has(address)).length;
    for (const { address } of made) seen.add(address);
    return twice;
  });
  return {
    kills: killed.length,
    phases,
    sameWinner: last?.best.levels.join() === whole.result?.best.levels.join(),
    sameHistory: last?.historyHash === whole.result?.historyHash,
    evaluations: { undisturbed: new Set(whole.made.map(({ address }) => address)).size, killed: seen.size },
    again: { all: again.reduce((sum, count) => sum + count, 0), most: Math.max(...again) },
    lost: lives.reduce((sum, { lost }) => sum + lost, 0),
    resumeSeconds: timing(lives.filter(resumed).flatMap((life) => firstScore(life) ?? [])),
  };
}

/** Whether it went on with a search that had scored something, and scored something itself. */
function resumed({ before, made }: Life): boolean {
  return before > 0 && made.length > 0;
}

function firstScore({ made }: Life): Seconds | undefined {
  return made[0]?.seconds;
}
