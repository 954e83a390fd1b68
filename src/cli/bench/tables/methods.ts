// How the schedule of a row is found: the baselines at equal MACs, and the search. A line per method.

import { type PatternName, patternLevels, patternNames, resampleLevels } from "../../../core/patterns.ts";
import type { Division } from "../../../core/schedule.ts";
import type { Level } from "../../../core/tensor.ts";
import type { RoutedSchedule } from "../../../engine/api.ts";
import { Bank } from "../../../engine/bank.ts";
import { banksOf, calibrateRequest, type Experiment, plan } from "../../../engine/experiment.ts";
import { Pipeline } from "../../../engine/pipeline.ts";
import { type Row, usedIn } from "./row.ts";
import { bestThreeStages } from "./three-stages.ts";
import type { TableTools } from "./tools.ts";

interface Method {
  /** Whose stages and whose bank it has: the search's own, or MosaicDiff's three. */
  readonly stages: "own" | "mosaic";
  levels(experiment: Experiment, finder: Finder): readonly Level[] | Promise<readonly Level[]>;
}

const pattern = (name: PatternName): Method => ({
  stages: "own",
  levels: ({ space }) => patternLevels(name, space, "largest-remainder"),
});

const methods = {
  uniform: { stages: "own", levels: ({ uniform }) => uniform },
  ...(Object.fromEntries(patternNames.map((name) => [name, pattern(name)])) as Record<PatternName, Method>),
  /** Its per-stage sparsities are not published: reconstructed, see core/patterns.ts. */
  mosaic: { stages: "mosaic", levels: ({ mosaic }) => mosaic.levels },
  "three-stage": { stages: "mosaic", levels: (experiment, finder) => finder.threeStages(experiment) },
  searched: { stages: "own", levels: (experiment, finder) => finder.search(experiment) },
} as const satisfies Readonly<Record<string, Method>>;

export type MethodId = "dense" | keyof typeof methods;

/** Finds schedules with an engine and, for what the engine has no verb for, a pipeline of its own beside it. */
export class Finder {
  readonly #tools: TableTools;
  readonly #pipeline: Pipeline;

  constructor(tools: TableTools) {
    this.#tools = tools;
    this.#pipeline = new Pipeline(tools.runtime, tools.model, () => performance.now());
  }

  /** Of a row, in the setting that it is used in; undefined for the dense model. */
  async schedule(row: Row): Promise<RoutedSchedule | undefined> {
    if (row.method === "dense") return undefined;
    const method: Method = methods[row.method];
    const found = plan(this.#tools.model, row.found);
    const levels = await method.levels(found, this);
    const used = row.used ? plan(this.#tools.model, usedIn(row)) : found;
    const { division } = method.stages === "own" ? used.search : used.mosaic;
    const from = method.stages === "own" ? found.search.division : division;
    const carried = used === found ? levels : resampleLevels({ division: from, levels }, division, used.space);
    return { division, levels: carried, bank: await this.#bank(used, method.stages) };
  }

  async search({ request }: Experiment): Promise<readonly Level[]> {
    const { best } = await this.#tools.engine.search(request, () => {}, this.#tools.signal);
    return best.levels;
  }

  async threeStages(experiment: Experiment): Promise<readonly Level[]> {
    const { storage, signal } = this.#tools;
    const bank = (await Bank.open(storage, await this.#bank(experiment, "mosaic"))) as Bank;
    return bestThreeStages(experiment, bank, { pipeline: this.#pipeline, storage, signal });
  }

  free(): Promise<void> {
    return this.#pipeline.free();
  }

  /** Makes what is missing of it. @returns its id */
  async #bank(experiment: Experiment, stages: Method["stages"]): Promise<string> {
    const [own, mosaic] = banksOf(experiment);
    const division: Division = stages === "own" ? own : mosaic;
    const request = calibrateRequest(experiment, division);
    return (await this.#tools.engine.calibrate(request, () => {}, this.#tools.signal)).id;
  }
}
