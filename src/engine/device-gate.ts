// Who may use the device. Verbs exclude each other by name; a running search gives way between candidates, because
// every piece of device work queues here one at a time, first come first served.

import { StudioError } from "../core/errors.ts";

export class DeviceGate {
  #tail: Promise<unknown> = Promise.resolve();
  #verb: string | undefined;
  #paused: Promise<void> | undefined;
  #resume: (() => void) | undefined;

  get running(): string | undefined {
    return this.#verb;
  }

  /** Runs a verb alone. @throws busy naming the verb that runs */
  async verb<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#verb)
      throw new StudioError("busy", `${name}: ${this.#verb} is running; stop it or wait`, { running: this.#verb });
    this.#verb = name;
    try {
      return await work();
    } finally {
      this.#verb = undefined;
      this.pause(false);
    }
  }

  /** Runs device work after all that queued before. */
  readonly exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => {});
    return turn;
  };

  pause(paused: boolean): void {
    if (paused && !this.#resume) {
      this.#paused = new Promise((resolve) => {
        this.#resume = resolve;
      });
    } else if (!paused) {
      this.#resume?.();
      this.#resume = undefined;
      this.#paused = undefined;
    }
  }

  /** Waits while paused; cancelling ends the wait. */
  readonly hold = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (!this.#paused) return;
    await Promise.race([
      this.#paused,
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
    ]);
  };
}
