// How much do more threads gain on this machine right now? Workers spin on plain arithmetic for a moment; what counts
// is how much work all of them did together.

import type { Milliseconds, Ratio } from "../core/tensor.ts";

const MOMENT: Milliseconds = 30;

export interface SpinProbe {
  /** Work done by `threads` workers together / work done by one, at the same time of day. */
  gain(threads: number): Promise<Ratio>;
  close(): void;
}

/** `start` makes a worker that answers a number of milliseconds with the rounds of arithmetic it did in them. */
export function createSpinProbe(start: () => Worker): SpinProbe {
  const workers: Worker[] = [];
  const together = async (threads: number): Promise<number> => {
    while (workers.length < threads) workers.push(start());
    await Promise.all(workers.slice(0, threads).map((worker) => spin(worker, 1))); // all are awake
    const rounds = await Promise.all(workers.slice(0, threads).map((worker) => spin(worker, MOMENT)));
    return rounds.reduce((sum, count) => sum + count, 0);
  };
  return {
    gain: async (threads) => (await together(threads)) / (await together(1)),
    close() {
      for (const worker of workers) worker.terminate();
    },
  };
}

function spin(worker: Worker, duration: Milliseconds): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<number>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(`thread probe: ${event.message}`));
    worker.postMessage(duration);
  });
}
