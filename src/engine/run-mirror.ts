// What the storage's loss must not take with it: of the runs that were written last, what they were asked for and what
// their schedules scored, in one text of at most 64 KB. When there is no room for all, the oldest scores go first: they
// are scored again, and the others are found.

import type { Milliseconds } from "../core/tensor.ts";
import type { Mirror } from "../storage/storage.ts";
import type { Evaluation } from "./evaluations.ts";
import type { RunRecord } from "./run-store.ts";

/** Of the text, in characters; all that is in it is ASCII. */
export const MIRROR_SIZE = 64 * 1024;
const KEY = "runs";
const VERSION = 1;
/** Who lends the mirror may be gone: a run does not wait for it. */
const PATIENCE: Milliseconds = 2000;

export interface MirroredRun {
  readonly run: string;
  /** Without addresses: there may be nothing at them. */
  readonly record: RunRecord;
  /** Levels and fitness, oldest first. */
  readonly scored: readonly (readonly [Evaluation["levels"], number])[];
}

export class RunMirror {
  readonly #mirror: Mirror;
  /** Changes follow each other, so that none overwrites another. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  /** The run written last comes first; none when the mirror is damaged or does not answer. */
  async runs(): Promise<readonly MirroredRun[]> {
    const text = await soon(this.#mirror.get(KEY));
    try {
      const { version, runs } = JSON.parse(text ?? "{}") as { version?: number; runs?: readonly MirroredRun[] };
      return version === VERSION && runs ? runs : [];
    } catch {
      return [];
    }
  }

  async run(id: string): Promise<MirroredRun | undefined> {
    return (await this.runs()).find(({ run }) => run === id);
  }

  keep(run: MirroredRun): Promise<void> {
    return this.#change((others) => [run, ...others], run.run);
  }

  remove(id: string): Promise<void> {
    return this.#change((others) => others, id);
  }

  #change(change: (others: readonly MirroredRun[]) => readonly MirroredRun[], id: string): Promise<void> {
    const turn = this.#tail.then(async () => {
      const others = (await this.runs()).filter(({ run }) => run !== id);
      await soon(this.#mirror.set(KEY, textOf(change(others))));
    });
    this.#tail = turn;
    return turn;
  }
}

/** As much of the runs as there is room for. */
function textOf(runs: readonly MirroredRun[]): string {
  let room = MIRROR_SIZE - JSON.stringify({ version: VERSION, runs: [] }).length;
  const kept: MirroredRun[] = [];
  for (const { run, record, scored } of runs) {
    const bare = {
      run,
      record: { ...record, rounds: record.rounds.map((round) => ({ ...round, told: [] })) },
      scored: [],
    };
    room -= JSON.stringify(bare).length + 1;
    if (room < 0) break;
    let first = scored.length;
    for (; first > 0; first--) {
      const length = JSON.stringify(scored[first - 1]).length + 1;
      if (length > room) break;
      room -= length;
    }
    kept.push({ ...bare, scored: scored.slice(first) });
  }
  return JSON.stringify({ version: VERSION, runs: kept });
}

/** Undefined when that fails or takes too long. */
async function soon<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, undefined);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
