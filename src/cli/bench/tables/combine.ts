// Table 7 of the paper: pruning beside the other way to do less, which is to take fewer steps, and both together. A
// schedule that was found at 20 DDIM steps is carried over, or one is searched anew where it is used.

import type { SearchRequest } from "../../../engine/api.ts";
import type { MethodId } from "./methods.ts";
import type { Row } from "./row.ts";
import { requestAt, seedsOf } from "./scale.ts";
import type { Table } from "./table.ts";
import { methodName, solverName } from "./words.ts";

const SEEDS = 3;
const CARRIED = "searched, carried over";
const ANEW = "searched anew";

export const combine: Table = {
  help: "OBS at 50 %, fewer steps (DDIM, DPM-Solver++ 2M), and both together",
  columns: ["solver", "steps", "schedule"],
  rows: (card, scale, seeds = SEEDS) =>
    seedsOf(seeds).flatMap((seed) => {
      const found = requestAt(scale, card, { target: 0.5, seed });
      const half = Math.round(found.steps / 2);
      const ddim = { ...found, steps: half };
      const dpm = { ...ddim, sampler: { id: "dpm-solver" } };
      const row = (method: MethodId, found: SearchRequest, used = found, schedule = methodName(method)): Row => {
        const cells = [solverName(used.sampler.id), String(used.steps), schedule];
        return { cells, method, found, ...(used !== found && { used }), pictures: scale.pictures, shown: true };
      };
      return [
        ...[found, ddim, dpm].map((used) => row("dense", used)),
        row("uniform", found),
        row("searched", found),
        row("uniform", dpm),
        row("searched", found, ddim, CARRIED),
        row("searched", found, dpm, CARRIED),
        row("searched", dpm, dpm, ANEW),
      ];
    }),
  claims(rows) {
    const cells = (schedule: string, solver: string, fewer: boolean): readonly string[] => {
      const fits = ({ found, used = found }: Row) => used.sampler.id === solver && used.steps < full === fewer;
      return rows.find((row) => row.cells.at(-1) === schedule && fits(row))?.cells ?? [];
    };
    const full = Math.max(...rows.map(({ found }) => found.steps));
    const searched = cells(methodName("searched"), "ddim", false);
    const [ddim, dpm] = ["ddim", "dpm-solver"].map((solver) => cells(methodName("dense"), solver, true));
    const [carried, anew] = [CARRIED, ANEW].map((name) => cells(name, "dpm-solver", true));
    return [
      { says: "half of every step better than half of the DDIM steps", better: searched, worse: ddim ?? [] },
      { says: "half of every step better than half of the steps by DPM-Solver++", better: searched, worse: dpm ?? [] },
      { says: "searched anew better than carried over", better: anew ?? [], worse: carried ?? [] },
    ];
  },
};
