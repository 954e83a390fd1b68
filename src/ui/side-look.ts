// How a schedule that is compared is called and coloured: as everywhere, and a stored run's winner by its run.

import type { RunCard } from "../engine/api.ts";
import type { RowId } from "../state/samples-slice.ts";
import type { SideId } from "../state/select-comparands.ts";
import { runSeed, runTitle } from "./run-title.ts";
import { looks, type ScheduleLook } from "./theme.ts";

export function sideLook(id: SideId, runs: readonly RunCard[]): ScheduleLook {
  if (!id.startsWith("run ")) return looks[id as RowId];
  const card = runs.find(({ run }) => id === `run ${run}`);
  const label = card ? `${runTitle(card)}, ${runSeed(card)}` : "Stored run";
  return { label, help: "The winner of a stored run.", colour: "var(--stored)" };
}
