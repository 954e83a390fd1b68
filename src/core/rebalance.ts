// Setting a stage by hand under a budget: what it gains, the others lose, in proportion to what each has left to lose. A
// level is dealt at a time by Webster's method (Sainte-Laguë's highest averages), because it is monotone: dragging a
// stage on never gives a level back to one that has lost it, as largest remainders would now and then.

import { type LevelSpace, spentOf, stepsOf, toleranceOf } from "./space.ts";
import type { Level, StageIndex } from "./tensor.ts";

/**
 * Levels brought to the budget by the stages that are not `held`; of equal claims, that of the stage nearest to `about`
 * goes first, then the earlier one. Undefined when these stages cannot reach it.
 */
export function rebalanced(
  levels: readonly Level[],
  held: ReadonlySet<StageIndex>,
  space: LevelSpace,
  about: StageIndex = 0,
): Level[] | undefined {
  const excess = spentOf(levels, space) - space.budget;
  const capacity = levels.map((level, stage) => (held.has(stage) ? 0 : excess > 0 ? level : space.maxLevel - level));
  const dealt = levels.map(() => 0);
  const claim = (stage: StageIndex) => (capacity[stage] as number) / (2 * (dealt[stage] as number) + 1);
  const nearest = [...levels.keys()].sort((a, b) => Math.abs(a - about) - Math.abs(b - about) || a - b);
  for (let left = Math.abs(excess); ; ) {
    // Below a half a stage has nothing left; where steps count, a level must come nearer to the budget.
    const open = nearest.filter((stage) => claim(stage) > 0.5 && left > stepsOf(space, stage) / 2);
    const [first, ...others] = open;
    if (first === undefined)
      return Math.abs(left) > toleranceOf(space) ? undefined : applied(levels, dealt, excess > 0 ? -1 : 1);
    const stage = others.reduce((best, other) => (claim(other) > claim(best) ? other : best), first);
    dealt[stage] = (dealt[stage] as number) + 1;
    left -= stepsOf(space, stage);
  }
}

/**
 * One stage set to a level, or as near to it as the stages that are not `held` can pay for. A held stage stays, and so do
 * all when the levels are off the budget and cannot be brought to it.
 */
export function withLevel(
  levels: readonly Level[],
  stage: StageIndex,
  wanted: Level,
  held: ReadonlySet<StageIndex>,
  space: LevelSpace,
): Level[] {
  const now = levels[stage] as Level;
  const goal = held.has(stage) ? now : Math.min(space.maxLevel, Math.max(0, Math.round(wanted)));
  const fixed = new Set([...held, stage]);
  for (let level = goal; ; level += Math.sign(now - level)) {
    const found = rebalanced(levels.with(stage, level), fixed, space, stage);
    if (found) return found;
    if (level === now) return [...levels];
  }
}

function applied(levels: readonly Level[], dealt: readonly number[], sign: 1 | -1): Level[] {
  return levels.map((level, stage) => level + sign * (dealt[stage] as number));
}
