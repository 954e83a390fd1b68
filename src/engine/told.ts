// What a run was told: the evaluations that its record names, each at its address. A run may have changed its device, so
// what it knows of a schedule lies in one of its contexts.

import type { Part } from "../core/racing.ts";
import type { Level } from "../core/tensor.ts";
import { addressOf, type Evaluation, type EvaluationStore } from "./evaluations.ts";
import type { RunRecord } from "./run-store.ts";

export class Told {
  readonly #contexts: readonly string[];
  /** By address. */
  readonly #evaluations: ReadonlyMap<string, Evaluation>;

  private constructor(contexts: readonly string[], evaluations: ReadonlyMap<string, Evaluation>) {
    this.#contexts = contexts;
    this.#evaluations = evaluations;
  }

  static async read(
    { contexts, rounds }: Pick<RunRecord, "contexts" | "rounds">,
    evaluations: EvaluationStore,
  ): Promise<Told> {
    const found = await evaluations.get(rounds.flatMap(({ told }) => told));
    return new Told(contexts, new Map(found.flatMap((one) => (one ? [[one.address, one]] : []))));
  }

  /** Those that were found, in the order of telling. */
  get evaluations(): readonly Evaluation[] {
    return [...this.#evaluations.values()];
  }

  has({ address }: Evaluation): boolean {
    return this.#evaluations.has(address);
  }

  /** @param part of the pictures; a schedule that was scored on all at once has none */
  find(levels: readonly Level[], part?: Part): Evaluation | undefined {
    const address = this.#contexts
      .map((context) => addressOf(context, levels, part))
      .find((a) => this.#evaluations.has(a));
    return address === undefined ? undefined : this.#evaluations.get(address);
  }
}
