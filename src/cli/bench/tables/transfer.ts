// Does a schedule found in one place serve in another? The paper says that schedules depend on the model; here the model
// stays and pruner, solver and number of steps change. What it costs to carry a schedule over is its regret.

import type { SearchRequest } from "../../../engine/api.ts";
import type { Claim } from "./claims.ts";
import type { Row } from "./row.ts";
import { requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { prunerName, solverName } from "./words.ts";

interface Place {
  readonly name: string;
  readonly change: Partial<SearchRequest>;
}

const place = (pruner: string, change: Partial<SearchRequest> = {}): Place => {
  const { sampler, steps } = change;
  const words = [prunerName(pruner), sampler && solverName(sampler.id), steps && `${steps} steps`];
  return { name: words.filter(Boolean).join(", "), change: { pruner: { id: pruner }, ...change } };
};

const OBS = place("obs");
const LAYERDROP = place("layerdrop");
const WANDA = place("wanda");
/** From where to where. */
const WAYS: readonly (readonly [Place, Place])[] = [
  [OBS, LAYERDROP],
  [LAYERDROP, OBS],
  [OBS, WANDA],
  [WANDA, OBS],
  [OBS, place("obs", { sampler: { id: "dpm-solver" } })],
  [OBS, place("obs", { steps: 10 })],
];

export const transfer: Table = {
  help: "schedules at 50 % found with one pruner, solver or number of steps and used with another",
  columns: ["found with", "used with"],
  rows: (card, scale, seeds = 1) =>
    seedsOf(seeds).flatMap((seed) => {
      const at = ({ change }: Place) => requestAt(scale, card, { target: 0.5, seed, ...change });
      const row = (from: Place, to: Place): Row => ({
        cells: [from.name, to.name],
        method: "searched",
        found: at(from),
        ...(from !== to && { used: at(to) }),
        pictures: scale.pictures,
        shown: true,
      });
      const there = [...new Set(WAYS.flat())];
      return [...there.map((place) => row(place, place)), ...WAYS.map(([from, to]) => row(from, to))];
    }),
  claims: () =>
    WAYS.map(
      ([from, to]): Claim => ({
        says: `for ${to.name}, searched there better than with ${from.name}`,
        better: [to.name, to.name],
        worse: [from.name, to.name],
      }),
    ),
};
