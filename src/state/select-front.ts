// What the front reads: each method's quality at each budget, with what it costs.

import type { Macs, Milliseconds, Ratio } from "../core/tensor.ts";
import type { Interval, MethodPoint, ScheduleId, SweepPoint, SweepRequest } from "../engine/api.ts";
import { memoise } from "./memoise.ts";
import { inOrder } from "./settings.ts";
import type { StudioState } from "./store.ts";

/** Drawn in this order, the searched schedule over the others. */
export const frontIds = ["uniform", "mosaic", "searched"] as const satisfies readonly ScheduleId[];

export interface Front {
  readonly request: SweepRequest;
  /** The cheapest first; the dense model belongs to every method. */
  readonly lines: readonly { readonly id: (typeof frontIds)[number]; readonly points: readonly FrontPoint[] }[];
  readonly dense: FrontPoint | undefined;
  readonly points: readonly SweepPoint[];
  /** Run with other settings than those at the side. */
  readonly stale: boolean;
}
export interface FrontPoint {
  /** Mean sparsity that was asked for; 0 is dense. */
  readonly target: Ratio;
  readonly macs: Macs;
  /** Over the held-out pictures. */
  readonly heldOut: Interval;
}

export const selectFront = memoise(
  ({ sweep, model, settings }: StudioState) =>
    [sweep.asked, sweep.points, sweep.result, model.card?.id, settings] as const,
  (asked, points, result, card, settings): Front | undefined => {
    if (!asked || asked.model !== card || points.length === 0) return undefined;
    const dense = result && frontPoint(0, result.dense);
    const { targets: _, ...searched } = asked.request;
    const { target } = settings;
    return {
      request: asked.request,
      lines: frontIds.map((id) => ({ id, points: lineOf(id, points, dense) })),
      dense,
      points,
      stale: JSON.stringify(inOrder({ ...searched, target })) !== JSON.stringify(inOrder(settings)),
    };
  },
);

function lineOf(id: ScheduleId, points: readonly SweepPoint[], dense: FrontPoint | undefined): FrontPoint[] {
  const own = points.flatMap(({ target, methods }) =>
    methods.filter((method) => method.id === id).map((method) => frontPoint(target, method)),
  );
  return [...own, ...(dense ? [dense] : [])].sort((a, b) => a.macs - b.macs);
}

function frontPoint(target: Ratio, { macs, heldOut }: MethodPoint): FrontPoint {
  return { target, macs, heldOut };
}

/** About, when none of its runs is finished; undefined until the device was measured. */
export function selectSweepTime({ estimate, sweep }: StudioState): Milliseconds | undefined {
  return estimate && estimate.calibrate + sweep.targets.length * estimate.search;
}

/** Percentages, each once, that are mean sparsities: "10, 20 30". Undefined for a text that is none. */
export function parseTargets(text: string): Ratio[] | undefined {
  const words = text.split(/[\s,;%]+/).filter((word) => word !== "");
  const targets = words.map((word) => Number(word) / 100);
  const right = targets.every((target) => target > 0 && target < 1) && new Set(targets).size === targets.length;
  return right && targets.length > 0 ? targets : undefined;
}
