// The journal of one run under way: looks up what was evaluated before, by this run or any other, and writes down what
// was not. Only evaluations are written after every candidate; the run itself after every round, because until then the
// addresses of a round's evaluations follow from what the searcher asks.

import type { Part } from "../core/racing.ts";
import { scheduleKey } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";
import { addressOf, type Evaluation, type EvaluationStore } from "./evaluations.ts";
import type { Scored } from "./fitness.ts";
import type { MirroredRun } from "./run-mirror.ts";
import { generationsOf, type Round, type RunRecord, type RunStore } from "./run-store.ts";
import { Told } from "./told.ts";

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
  /** By an earlier life of this run. */
  readonly #told: Told;
  /** By schedule: all that a mirror keeps of the evaluations of any life. Parts do not fit into it. */
  readonly #scored: Map<string, Mirrored>;

  private constructor(options: JournalOptions, record: RunRecord, told: Told, mirrored: readonly Mirrored[]) {
    this.#options = options;
    this.#record = record;
    this.#told = told;
    this.#scored = new Map(mirrored.map((scored) => [scheduleKey(scored[0]), scored]));
    for (const evaluation of told.evaluations) this.#note(evaluation);
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
    const mirrored = (await runs.mirrored(run))?.scored ?? [];
    return new Journal(options, record, await Told.read(record, evaluations), mirrored);
  }

  /** How many generations were finished when it was taken up or last written. */
  get generations(): number {
    return generationsOf(this.#record);
  }

  /** Whether an earlier life of this run told the searcher about it already. */
  replays(evaluation: Evaluation): boolean {
    return this.#told.has(evaluation);
  }

  /** Undefined when nobody has evaluated these levels, on this part of the pictures, in any of the run's contexts. */
  async find(levels: readonly Level[], part?: Part): Promise<Evaluation | undefined> {
    const { evaluations, context } = this.#options;
    const told = this.#told.find(levels, part);
    if (told) return told;
    const addresses = this.#record.contexts.map((known) => addressOf(known, levels, part));
    const found = (await evaluations.get(addresses)).find((evaluation) => evaluation !== undefined);
    if (found) this.#note(found);
    const mirrored = part ? undefined : this.#scored.get(scheduleKey(levels));
    if (found || !mirrored) return found;
    const address = addressOf(context, levels);
    return { address, levels, fitness: mirrored[1], scores: [], calls: { run: 0, saved: 0 } };
  }

  async add(levels: readonly Level[], scored: Scored, part?: Part): Promise<Evaluation> {
    const { context, evaluations } = this.#options;
    const added = await evaluations.add(context, levels, scored, part);
    this.#note(added);
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
  async round(index: number, round: Round): Promise<void> {
    const { rounds } = this.#record;
    if (rounds[index]?.told.join() === round.told.join()) return;
    this.#record = { ...this.#record, rounds: [...rounds.slice(0, index), round, ...rounds.slice(index + 1)] };
    await this.#options.runs.save(this.#options.run, this.#record);
    this.#mirror();
  }

  #note({ levels, part, fitness }: Evaluation): void {
    if (!part) this.#scored.set(scheduleKey(levels), [levels, fitness]);
  }

  #mirror(): void {
    const { run, runs } = this.#options;
    runs.mirror({ run, record: this.#record, scored: [...this.#scored.values()] });
  }
}

type Mirrored = MirroredRun["scored"][number];
