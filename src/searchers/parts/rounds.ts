// A search as rounds: a strategy proposes, the round scores what is new, the fittest survive. All that a search
// remembers is its standing, from which the next proposal follows, so every searcher can be stopped and continued
// anywhere. Truncation selection with elitism (Diff-ES §3.2) is the same for all.

import { StudioError } from "../../core/errors.ts";
import type { Sequence } from "../../core/rng.ts";
import { checkLevels, scheduleKey } from "../../core/schedule.ts";
import { checkMember, type LevelSpace } from "../../core/space.ts";
import type { Candidate, Evaluated, Member, Search } from "../searcher.ts";

/** A scored schedule; `partial` ones lie off the budget, and the fitness of `stopped` ones is an estimate. */
export interface Scored extends Evaluated {
  readonly partial?: true;
  readonly stopped?: true;
}

/** What a search knows between two rounds. JSON. */
export interface Standing {
  /** Generations that were finished. */
  readonly generation: number;
  /** Best first. */
  readonly survivors: readonly Member[];
  /** All schedules that were scored, each once, in the order of asking. */
  readonly scored: readonly Scored[];
  /** Of the strategy's sequences, before this round's draws. */
  readonly positions: readonly number[];
}

/** Fitness by schedule key. */
export type Scores = ReadonlyMap<string, number>;

export interface Strategy {
  /** The searcher's id, for errors. */
  readonly name: string;
  /** How many stay after a generation. */
  readonly survivors: number;
  /** All randomness it draws from. */
  readonly random: readonly Sequence[];
  /** The schedules of the next round; undefined ends the search. What was scored before is not asked for again. */
  propose(standing: Standing, scores: Scores): readonly Candidate[] | undefined;
}

/** @throws corrupt-data when the snapshot is none of a search in this space */
export function rounds(strategy: Strategy, space: LevelSpace, snapshot?: unknown): Search {
  const { name, random } = strategy;
  let standing: Standing =
    snapshot === undefined
      ? { generation: 0, survivors: [], scored: [], positions: random.map(() => 0) }
      : restore(strategy, space, snapshot);
  const scores = new Map(standing.scored.map(({ levels, fitness }) => [scheduleKey(levels), fitness]));
  for (const [i, sequence] of random.entries()) sequence.seek(standing.positions[i] as number);
  const estimated = new Set(standing.scored.filter(({ stopped }) => stopped).map(({ levels }) => scheduleKey(levels)));
  let proposed = strategy.propose(standing, scores);
  let asked = unscored(proposed, scores);

  return {
    ask: () => asked,
    tell(fitness, stopped = new Set()) {
      checkFitness(name, fitness, asked);
      const scored = asked.map((candidate, i): Scored => {
        const { levels, partial } = candidate;
        const value = { levels, fitness: fitness[i] as number };
        return { ...value, ...(partial && { partial }), ...(stopped.has(candidate) && { stopped: true }) };
      });
      for (const { levels, fitness, stopped } of scored) {
        scores.set(scheduleKey(levels), fitness);
        if (stopped) estimated.add(scheduleKey(levels));
      }
      const born = (proposed ?? [])
        .filter(({ partial }) => !partial)
        .map(({ levels, origin }): Member => {
          const key = scheduleKey(levels);
          const member = { levels, origin, fitness: scores.get(key) as number };
          return estimated.has(key) ? { ...member, stopped: true } : member;
        });
      // sorting is stable and survivors come first: among equals the older one stays
      const population = [...standing.survivors, ...born].sort(
        (a, b) => Number(a.stopped ?? false) - Number(b.stopped ?? false) || b.fitness - a.fitness,
      );
      const survivors = Math.min(strategy.survivors, population.filter(({ stopped }) => !stopped).length);
      const finished = born.length > 0 ? { index: standing.generation, population, survivors } : undefined;
      standing = {
        generation: standing.generation + (finished ? 1 : 0),
        survivors: population.slice(0, survivors),
        scored: [...standing.scored, ...scored],
        positions: random.map(({ position }) => position),
      };
      proposed = strategy.propose(standing, scores);
      asked = unscored(proposed, scores);
      return finished;
    },
    inject(levels) {
      checkMember(name, levels, space);
      if (!proposed?.some(({ partial }) => !partial)) return false;
      if (!scores.has(scheduleKey(levels))) proposed = [...proposed, { levels, origin: { kind: "injected" } }];
      asked = unscored(proposed, scores);
      return true;
    },
    survivors: strategy.survivors,
    get done() {
      return proposed === undefined;
    },
    get best() {
      return standing.survivors[0]; // it never leaves for an equal, so it is the first that reached the highest fitness
    },
    snapshot: () => standing,
  };
}

/** What has no fitness yet, each schedule once. */
function unscored(proposed: readonly Candidate[] | undefined, scores: Scores): readonly Candidate[] {
  const fresh = new Map<string, Candidate>();
  for (const candidate of proposed ?? []) {
    const key = scheduleKey(candidate.levels);
    if (!scores.has(key) && !fresh.has(key)) fresh.set(key, candidate);
  }
  return [...fresh.values()];
}

function checkFitness(name: string, fitness: readonly number[], asked: readonly Candidate[]): void {
  if (fitness.length !== asked.length)
    throw new StudioError("invalid-input", `${name}: ${fitness.length} fitness values for ${asked.length} schedules`);
  const wrong = fitness.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new StudioError(
      "invalid-input",
      `${name}: the fitness of [${asked[wrong]?.levels.join(", ")}] is ${fitness[wrong]}; it must be finite`,
    );
}

function restore({ name, random }: Strategy, space: LevelSpace, snapshot: unknown): Standing {
  const standing = snapshot as Standing;
  const { numStages, maxLevel } = space;
  try {
    const { generation, survivors, scored, positions } = standing;
    if (!(Number.isSafeInteger(generation) && generation >= 0)) throw new Error(`generation ${generation}`);
    if (generation > 0 !== survivors.length > 0) throw new Error(`${survivors.length} survivors`);
    if (!(positions.length === random.length && positions.every((at) => Number.isSafeInteger(at) && at >= 0)))
      throw new Error(`positions ${JSON.stringify(positions)}`);
    for (const { levels, fitness, partial } of scored) {
      if (partial) checkLevels("scored", levels, numStages, maxLevel);
      else checkMember("scored", levels, space);
      if (!Number.isFinite(fitness)) throw new Error(`fitness ${fitness}`);
    }
    const known = new Set(scored.map(({ levels }) => scheduleKey(levels)));
    for (const { levels } of survivors)
      if (!known.has(scheduleKey(levels))) throw new Error(`survivor [${levels.join(", ")}] was never scored`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      "corrupt-data",
      `${name}: cannot continue from this snapshot (${reason}); start again`,
      {},
      { cause },
    );
  }
  return standing;
}
