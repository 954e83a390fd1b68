// What a stored run is called.

import { percent, plural } from "../core/format.ts";
import type { RunCard } from "../engine/api.ts";
import { shelves } from "../state/settings.ts";

/** Its name, or "OBS (second order), 50 %, 10 stages". */
export function runTitle({ name, request }: Pick<RunCard, "name" | "request">): string {
  if (name !== undefined) return name;
  const { label } = shelves.pruner.get(request.pruner.id);
  return `${label}, ${percent(request.target)}, ${plural(request.stages, "stage")}`;
}

/** "seed 3", "seed 3, forked after 4 with seed 9": what tells runs of one title apart. */
export function runSeed({ request, forks }: Pick<RunCard, "request" | "forks">): string {
  const fork = forks.at(-1);
  return `seed ${request.seed}${fork ? `, forked after ${fork.at} with seed ${fork.seed}` : ""}`;
}
