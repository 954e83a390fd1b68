// Time left, from the share that is done; silent until enough is done to tell.

import type { Milliseconds, Ratio } from "../core/tensor.ts";

const ENOUGH: Ratio = 0.02;

export class Stopwatch {
  readonly #now: () => Milliseconds;
  readonly #started: Milliseconds;

  constructor(now: () => Milliseconds) {
    this.#now = now;
    this.#started = now();
  }

  left(done: Ratio): Milliseconds | undefined {
    if (done < ENOUGH) return undefined;
    return ((this.#now() - this.#started) * (1 - done)) / done;
  }
}
