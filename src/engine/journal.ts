// The journal of one run under way: looks up what was evaluated before, by this run or any other, and writes down what
// was not. Only evaluations are written after every candidate; the run itself after every round, because until then the
// addresses of a round's evaluations follow from what the searcher asks.

import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { SearchRequest } from "./api.ts";
import { addressOf, type Evaluation, type EvaluationStore } from "./evaluations.ts";
import type { Scored } from "./fitness.ts";
import type { MirroredRun } from "./run-mirror.ts";
import type { RunRecord, RunStore } from "./run-store.ts";

export interface JournalOptions {
  readonly run: string;
  readonly request: SearchRequest;
  /** Ids. */
  readonly model: string;
  readonly context: string;
  readonly runs: RunStore;
  readonly evaluations: EvaluationStore;
}

export class Journal {
  readonly #options: JournalOptions;
  #record: RunRecord;
  /** What an earlier life of this run was told, by schedule. */
  readonly #told: ReadonlyMap<string, Told>;
  /** By schedule, of evaluations that this life has seen. */
  readonly #addresses = new Map<string, string>();
  /** By schedule: all that a mirror keeps of the evaluations of any life. */
  readonly #scored: Map<string, Mirrored>;

  private constructor(
    options: JournalOptions,
    record: RunRecord,
    told: ReadonlyMap<string, Told>,
    mirrored: readonly Mirrored[],
  ) {
    this.#options = options;
    this.#record = record;
    this.#told = told;
    this.#scored = new Map(mirrored.map((scored) => [scheduleKey(scored[0]), scored]));
    for (const { evaluation } of told.values()) this.#note(evaluation);
  }

  /** Takes the run up, whether it is new or was interrupted: from now on no earlier writer of it may write. */
  static async open(options: JournalOptions): Promise<Journal> {
    const { run, runs, evaluations, context, request, model } = options;
    const known = await runs.record(run);
    const record: RunRecord = {
      request,
      model,
      contexts: [...new Set([...(known?.contexts ?? []), context])],
      told: known?.told ?? [],
      generations: known?.generations ?? 0,
      epoch: (known?.epoch ?? 0) + 1,
    };
    await runs.save(run, record);
    const found = await evaluations.get(record.told);
    const told = record.told.flatMap((address, index): [string, Told][] => {
      const evaluation = found[index];
      return evaluation ? [[scheduleKey(evaluation.levels), { address, evaluation }]] : [];
    });
    const mirrored = (await runs.mirrored(run))?.scored ?? [];
    return new Journal(options, record, new Map(told), mirrored);
  }

  /** How many generations were finished when it was taken up or last written. */
  get generations(): number {
    return this.#record.generations;
  }

  /** Whether an earlier life of this run told the searcher about these levels already. */
  replays(levels: readonly Level[]): boolean {
    return this.#told.has(scheduleKey(levels));
  }

  /** Undefined when nobody has evaluated these levels in any of the run's contexts. */
  async find(levels: readonly Level[]): Promise<Evaluation | undefined> {
    const key = scheduleKey(levels);
    const told = this.#told.get(key);
    if (told) {
      this.#addresses.set(key, told.address);
      return told.evaluation;
    }
    for (const context of this.#record.contexts) {
      const found = await this.#options.evaluations.find(context, levels);
      if (found) return this.#see(found, context);
    }
    const mirrored = this.#scored.get(key);
    const lost = mirrored && { levels, fitness: mirrored[1], scores: [], calls: { run: 0, saved: 0 } };
    return lost && this.#see(lost, this.#options.context);
  }

  async add(levels: readonly Level[], scored: Scored): Promise<Evaluation> {
    const { context, evaluations } = this.#options;
    const added = this.#see(await evaluations.add(context, levels, scored), context);
    this.#mirror();
    return added;
  }

  /**
   * Writes the run down after a round, unless all of it was replayed.
   * @param history all schedules that the searcher was told about, in the order of asking
   */
  async round(history: readonly { readonly levels: readonly Level[] }[], generations: number): Promise<void> {
    const told = history.map(({ levels }) => this.#addresses.get(scheduleKey(levels)) as string);
    if (told.every((address, place) => address === this.#record.told[place])) return;
    this.#record = { ...this.#record, told, generations };
    await this.#options.runs.save(this.#options.run, this.#record);
    this.#mirror();
  }

  #see(evaluation: Evaluation, context: string): Evaluation {
    const { levels } = evaluation;
    this.#addresses.set(scheduleKey(levels), addressOf(context, levels));
    this.#note(evaluation);
    return evaluation;
  }

  #note({ levels, fitness }: Evaluation): void {
    this.#scored.set(scheduleKey(levels), [levels, fitness]);
  }

  #mirror(): void {
    const { run, runs } = this.#options;
    runs.mirror({ run, record: this.#record, scored: [...this.#scored.values()] });
  }
}

type Mirrored = MirroredRun["scored"][number];

interface Told {
  readonly address: string;
  readonly evaluation: Evaluation;
}
