// How long rows will take, from a step that is measured now. Searches and banks that rows share are counted once.

import type { Engine, Estimate, SearchRequest } from "../../../engine/api.ts";
import { round3 } from "../measure.ts";
import { type Row, usedIn } from "./row.ts";

/** Core-hours. */
export async function forecast(engine: Engine, rows: readonly Row[]): Promise<number> {
  const estimates = new Map<string, Estimate>();
  const estimateOf = async (request: SearchRequest): Promise<Estimate> => {
    const key = JSON.stringify(request);
    const estimate = estimates.get(key) ?? (await engine.estimate(request));
    estimates.set(key, estimate);
    return estimate;
  };
  const banks = new Map<string, number>();
  const searches = new Map<string, number>();
  let milliseconds = 0;
  for (const row of rows) {
    const used = usedIn(row);
    const { bank, calibrate, dense } = await estimateOf(used);
    const share = row.method === "dense" ? 1 : 1 - used.target;
    milliseconds += (row.pictures / used.probes) * dense * share;
    if (row.method !== "dense") banks.set(bank.id, calibrate);
    if (row.method === "searched") searches.set(JSON.stringify(row.found), (await estimateOf(row.found)).search);
  }
  for (const time of [...banks.values(), ...searches.values()]) milliseconds += time;
  return round3(milliseconds / 3_600_000);
}
