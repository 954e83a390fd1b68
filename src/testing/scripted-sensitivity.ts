// The sensitivity table of the scripted engine: what its known landscape says, with every event of the contract.

import { lossOf, schedulesByLoss } from "../core/additive.ts";
import type {
  Device,
  ModelCard,
  On,
  SearchRequest,
  SearchSummary,
  SensitivityEvent,
  SensitivityRequest,
  SensitivityResult,
} from "../engine/api.ts";
import { scriptedCost, scriptedDamage } from "./scripted-search.ts";

/** What the table needs of the engine that measures it. */
export interface TableWorld {
  readonly card: ModelCard;
  readonly device: Device;
  tick(signal: AbortSignal): Promise<void>;
  spaceOf(request: SearchRequest): SearchSummary;
}

export async function scriptedSensitivity(
  { card, device, tick, spaceOf }: TableWorld,
  request: SensitivityRequest,
  on: On<SensitivityEvent>,
  signal: AbortSignal,
): Promise<SensitivityResult> {
  const { levels: spacing, targets, stages, steps, ...setting } = request;
  const searched = { searcher: { id: "sensitivity" }, validation: 0, heldOut: 2 };
  const spaces = targets.map((target) => spaceOf({ ...setting, ...searched, stages, steps, target }));
  const [{ division, bank, maxLevel }] = spaces as [SearchSummary];
  const alone = (stage: number, level: number) => division.map((_, s) => (s === stage ? level : 0));
  const rows = division.map((_, stage) =>
    Array.from({ length: maxLevel + 1 }, (_, level) => ({
      loss: scriptedDamage(alone(stage, level), maxLevel),
      measured: level % spacing === 0 || level === maxLevel,
    })),
  );
  const total = stages * (maxLevel + 1);
  let run = 0;
  for (const [stage, row] of rows.entries())
    for (const [level, { loss, measured }] of row.entries()) {
      const done = stage * (maxLevel + 1) + level;
      const label = `Stage ${stage} alone at level ${level}`;
      on({ type: "progress", phase: "sensitivity", label, done, total, left: 40 * (total - done) });
      if (!measured || level === 0) continue;
      await tick(signal);
      run += steps;
      on({ type: "loss", stage, level, loss });
    }
  const losses = rows.map((row) => row.map(({ loss }) => loss));
  return {
    request,
    model: { id: card.id, name: card.name },
    division,
    bank,
    maxLevel,
    dense: 0.99,
    table: rows,
    predictions: spaces.map(({ budget, sparsity }, index) => {
      const levels = schedulesByLoss(losses, { numStages: stages, maxLevel, budget }).next().value as number[];
      const { macs } = scriptedCost(card, sparsity, 1, steps);
      return { target: targets[index] as number, sparsity, macs, levels, loss: lossOf(levels, losses) };
    }),
    calls: { run, saved: 0 },
    elapsed: 9_000,
    device,
  };
}
