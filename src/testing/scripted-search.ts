// The search of the scripted engine: a small evolution on a known landscape, with every event of the contract.

import { type Move, moved } from "../core/moves.ts";
import { mosaicDivision } from "../core/schedule.ts";
import type {
  Comparison,
  Cost,
  Device,
  ModelCard,
  On,
  Origin,
  Phase,
  Progress,
  Reuse,
  RoutedSchedule,
  ScoredSchedule,
  SearchEvent,
  SearchRequest,
  SearchResult,
  SearchSummary,
} from "../engine/api.ts";
import { agreement, finalistsOf } from "../engine/judge.ts";
import { differenceOf } from "./scripted-model.ts";
import { lcg } from "./scripted-pictures.ts";

/** What the search needs of the engine that runs it. */
export interface World {
  readonly card: ModelCard;
  readonly device: Device;
  readonly gain: number;
  tick(signal: AbortSignal, units?: number): Promise<void>;
  steps(on: On<Progress>, signal: AbortSignal, phase: Phase, label: string, total: number): Promise<void>;
  keep(partial: SearchResult): void;
  atGeneration(generation: number): void;
}

const TIMESTEPS = 1000;
const DENSE_STEP = 34;

export function scriptedCost({ macs }: ModelCard, sparsity: number, batch: number, numSteps: number): Cost {
  const stepTime = DENSE_STEP * (1 - 0.82 * sparsity);
  return { macs: macs * numSteps * (1 - 0.97 * sparsity), denseMacs: macs * numSteps, sparsity, stepTime, batch };
}

/** Emits everything a search emits and returns its result; `earlier` generations are taken over. */
export async function scriptedSearch(
  world: World,
  request: SearchRequest,
  run: string,
  space: SearchSummary,
  earlier: SearchResult["generations"],
  on: On<SearchEvent>,
  signal: AbortSignal,
): Promise<SearchResult> {
  const random = lcg(request.seed);
  const { maxLevel, division, bank, budget } = space;
  const score = (levels: readonly number[], origin: Origin): ScoredSchedule => ({
    levels,
    fitness: 0.99 - scriptedDamage(levels, maxLevel),
    origin,
  });
  const uniform = score(
    space.division.map(() => budget / space.division.length),
    { kind: "uniform" },
  );
  const numSteps = request.steps;
  const compare = (id: Comparison["id"], schedule: RoutedSchedule | undefined, fitness: number): Comparison => ({
    id,
    ...(schedule && { schedule }),
    fitness,
    heldOut: Array.from(
      { length: request.heldOut },
      (_, i) => fitness - 0.004 + 0.02 * lcg(i + 7)() + 0.03 * (((i * 7 + id.length * 5) % 11) / 11 - 0.5),
    ),
    cost: scriptedCost(world.card, schedule ? space.sparsity : 0, request.probes, numSteps),
  });
  const mosaicLevels = [0.79, 0.16, 0.71].map((share) => Math.round(2 * share * space.sparsity * maxLevel));
  const comparisons = [
    compare("dense", undefined, 1),
    compare("uniform", { division, levels: uniform.levels, bank }, uniform.fitness),
    compare("mosaic", { division: mosaicDivision(TIMESTEPS), levels: mosaicLevels, bank }, uniform.fitness - 0.008),
  ];
  await world.steps(on, signal, "reference", "Sampling the dense model", 4);
  for (const comparison of comparisons) {
    on({ type: "baseline", comparison });
    await world.tick(signal, 2);
  }
  const childOf = (parent: readonly number[]): ScoredSchedule => {
    const move = switchOf(parent, maxLevel, random);
    const origin = { kind: "mutation", parent };
    return move ? score(moved(parent, move), { ...origin, move }) : score(parent, origin);
  };
  const numOffspring = Number(request.searcher.options?.offspring ?? 8);
  const survivors = Number(request.searcher.options?.survivors ?? 4);
  const generations = [...earlier];
  let population = earlier.at(-1)?.population.slice(0, survivors) ?? [uniform];
  let best = population[0] ?? uniform;
  for (let generation = earlier.length; generation < space.generations; generation++) {
    world.atGeneration(generation);
    const children: ScoredSchedule[] = [];
    for (let child = 0; child < numOffspring; child++) {
      const parent = population[Math.floor(random() * population.length)] ?? uniform;
      const candidate = childOf(parent.levels);
      const done = generation * numOffspring + child;
      on({ type: "candidate", generation, candidate, reuse: reuseOf(done + 1, numSteps) });
      const total = space.generations * numOffspring;
      const label = `Generation ${generation + 1} of ${space.generations}`;
      on({ type: "progress", phase: "search", label, done, total, left: 40 * (total - done) });
      children.push(candidate);
      await world.tick(signal);
    }
    const sorted = [...population, ...children].sort((a, b) => b.fitness - a.fitness);
    generations.push({ population: sorted, survivors });
    on({ type: "generation", generation, population: sorted, survivors });
    population = sorted.slice(0, survivors);
    if (population[0] && population[0].fitness > best.fitness) {
      best = population[0];
      on({ type: "best", generation, best, schedule: { division, levels: best.levels, bank } });
    }
    world.keep(resultOf(generations));
  }
  await world.steps(on, signal, "validation", "Comparing the best on validation pictures", 4);
  await world.steps(on, signal, "held-out", "Comparing on held-out pictures", 4);
  comparisons.push(compare("searched", { division, levels: best.levels, bank }, uniform.fitness + world.gain));
  return resultOf(generations);

  function resultOf(done: SearchResult["generations"]): SearchResult {
    const heldOut = (id: Comparison["id"]) => comparisons.find((comparison) => comparison.id === id)?.heldOut ?? [];
    const againstUniform = differenceOf(heldOut("searched"), heldOut("uniform"));
    const againstMosaic = differenceOf(heldOut("searched"), heldOut("mosaic"));
    const finalists = finalistsOf(done, mosaicLevels).map((member) => ({
      ...member,
      validation: member.fitness - 0.003,
    }));
    return {
      run,
      request,
      model: { id: world.card.id, name: world.card.name },
      space,
      generations: [...done],
      best,
      finalists,
      rankCorrelation: agreement(finalists),
      comparisons: [...comparisons],
      verdict: { againstUniform, againstMosaic, better: againstUniform.low > 0 && againstMosaic.low > 0 },
      historyHash: `5c1a${run.length.toString(16).padStart(60, "0")}`,
      evaluations: done.length * numOffspring + 3,
      reuse: reuseOf(done.length * numOffspring, numSteps),
      elapsed: 41_300,
      device: world.device,
    };
  }
}

/** As if a third of all steps were shared. */
function reuseOf(candidates: number, numSteps: number): Reuse {
  const saved = Math.floor((candidates * numSteps) / 3);
  return { found: 0, prefixes: candidates, calls: { run: candidates * numSteps - saved, saved } };
}

/** Early stages hardly matter, the middle and the last matter most. In [0, 0.6]. */
export function scriptedDamage(levels: readonly number[], maxLevel: number): number {
  const S = levels.length;
  const weights = levels.map(
    (_, s) => 0.06 + Math.exp(-(((s + 0.5) / S - 0.55) ** 2) / 0.04) + (s === S - 1 ? 0.5 : 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return levels.reduce((sum, level, s) => sum + 0.6 * ((weights[s] ?? 0) / total) * (level / maxLevel) ** 1.6, 0);
}

/** A level switch: one stage loses what another gains; undefined where the draw leaves nothing to move. */
function switchOf(levels: readonly number[], maxLevel: number, random: () => number): Move | undefined {
  const from = Math.floor(random() * levels.length);
  const to = Math.floor(random() * levels.length);
  const amount = Math.min(1 + Math.floor(random() * 3), levels[from] ?? 0, maxLevel - (levels[to] ?? 0));
  return from !== to && amount > 0 ? { from, to, levels: amount, gained: amount } : undefined;
}
