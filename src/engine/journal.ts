// The journal of one run under way: looks up what was evaluated before, by this run or any other, and writes down what
// was not. Only evaluations are written after every candidate; the run itself after every round, because until then the
// addresses of a round's evaluations follow from what the searcher asks.

import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import type { Candidate } from "../searchers/searcher.ts";
import { addressOf, type Evaluation, type EvaluationStore } from "./evaluations.ts";
import type { Scored } from "./fitness.ts";
import type { MirroredRun } from "./run-mirror.ts";
import { generationsOf, type Round, type RunRecord, type RunStore } from "./run-store.ts";

export interface JournalOptions extends Pick<RunRecord, "request" | "forks" | "model"> {
  readonly run: string;
  /** Of what it scores now. */
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
    const { run, runs, evaluations, context, request, forks, model } = options;
    const known = await runs.record(run);
    const record: RunRecord = {
      request,
      forks,
      model,
      contexts: [...new Set([...(known?.contexts ?? []), context])],
      rounds: known?.rounds ?? [],
      epoch: (known?.epoch ?? 0) + 1,
    };
    await runs.save(run, record);
    const addresses = record.rounds.flatMap(({ told }) => told);
    const found = await evaluations.get(addresses);
    const told = addresses.flatMap((address, index): [string, Told][] => {
      const evaluation = found[index];
      return evaluation ? [[scheduleKey(evaluation.levels), { address, evaluation }]] : [];
    });
    const mirrored = (await runs.mirrored(run))?.scored ?? [];
    return new Journal(options, record, new Map(told), mirrored);
  }

  /** How many generations were finished when it was taken up or last written. */
  get generations(): number {
    return generationsOf(this.#record);
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

  /** Schedules made by hand that are to join a round: as they did before, or of a new round those that have not yet. */
  async injections(round: number): Promise<readonly (readonly Level[])[]> {
    const { rounds } = this.#record;
    const replayed = rounds[round];
    if (replayed) return replayed.injected;
    const joined = new Set(rounds.flatMap(({ injected }) => injected.map(scheduleKey)));
    const left = await this.#options.runs.injected(this.#options.run);
    return left.filter((levels) => !joined.has(scheduleKey(levels)));
  }

  /** Writes a round down after the searcher was told, unless it was replayed as it stood. @throws busy */
  async round(index: number, asked: readonly Candidate[], joined: Omit<Round, "told">): Promise<void> {
    const { rounds } = this.#record;
    const told = asked.map(({ levels }) => this.#addresses.get(scheduleKey(levels)) as string);
    if (rounds[index]?.told.join() === told.join()) return;
    this.#record = {
      ...this.#record,
      rounds: [...rounds.slice(0, index), { told, ...joined }, ...rounds.slice(index + 1)],
    };
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
