// The compared schedules as a link says them: dense,uniform,searched,run.0123456789abcdef.

import { StudioError } from "../core/errors.ts";
import { MOST_SIDES } from "./compare-slice.ts";
import { rowIds } from "./samples-slice.ts";
import type { SideId } from "./select-comparands.ts";

export function linkedSides(sides: readonly SideId[]): string {
  return sides.map((id) => id.replace(" ", ".")).join(",");
}

/** @throws invalid-option */
export function parseSides(text: string): readonly SideId[] {
  const sides = text.split(",").map(sideOf);
  if (sides.length < 2 || sides.length > MOST_SIDES || new Set(sides).size < sides.length)
    throw new StudioError("invalid-option", `sides: "${text}" is not 2 … ${MOST_SIDES} different schedules`);
  return sides;
}

function sideOf(name: string): SideId {
  const row = rowIds.find((id) => id === name);
  const run = /^run\.([\w-]+)$/.exec(name)?.[1];
  if (row) return row;
  if (run) return `run ${run}`;
  throw new StudioError(
    "invalid-option",
    `sides: "${name}" is no schedule; known: ${rowIds.join(", ")}, and run.ID for the winner of a stored run`,
  );
}
