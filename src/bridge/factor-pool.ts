// Factors computed by workers: they are pure arithmetic on the processor and would hold up sampling for seconds.
// Workers are started when there is work and ended when there has been none for a while.

import { StudioError } from "../core/errors.ts";
import type { Factor } from "../core/factor.ts";
import type { OptionValues } from "../core/options.ts";
import type { Milliseconds } from "../core/tensor.ts";
import type { LayerStatistics } from "../pruners/pruner.ts";
import type { WorkerLike } from "./connect.ts";
import { remote } from "./wire.ts";

/** What a factor worker serves; also what the engine is given. */
export interface FactorMaker {
  factor(pruner: string, layer: LayerStatistics, options: OptionValues): Promise<Factor>;
}

export interface FactorPoolOptions {
  /** Starts a worker that serves a FactorMaker. */
  readonly start: () => WorkerLike;
  readonly size: number;
  /** How long a worker without work is kept. */
  readonly idle?: Milliseconds;
}

export interface FactorPool extends FactorMaker {
  close(): void;
}

interface PoolWorker {
  readonly maker: FactorMaker;
  readonly lost: Promise<never>;
  end(): void;
  retirement?: ReturnType<typeof setTimeout>;
}

/** One for each processor, as the device's thread waits for factors most of the time, within a bound on memory. */
export function poolSize(processors: number | undefined): number {
  return Math.max(1, Math.min(8, processors ?? 2));
}

export function createFactorPool({ start, size, idle = 20_000 }: FactorPoolOptions): FactorPool {
  const resting: PoolWorker[] = [];
  /** Calls that wait for a worker. */
  const waiting: ((worker: PoolWorker) => void)[] = [];
  let workers = 0;

  const begin = (): PoolWorker => {
    const endpoint = start();
    const lost = new Promise<never>((_, reject) => {
      endpoint.addEventListener("error", ((event: ErrorEvent) => reject(endedEarly(event.message))) as EventListener);
    });
    lost.catch(() => {}); // the call in flight hears it
    workers++;
    const end = () => {
      workers--;
      endpoint.terminate();
    };
    return { maker: remote<FactorMaker>(endpoint), lost, end };
  };

  const take = (): PoolWorker | Promise<PoolWorker> => {
    const rested = resting.pop();
    if (rested) clearTimeout(rested.retirement);
    return rested ?? (workers < size ? begin() : new Promise((resolve) => waiting.push(resolve)));
  };

  const giveBack = (worker: PoolWorker) => {
    const next = waiting.shift();
    if (next) return next(worker);
    resting.push(worker);
    worker.retirement = setTimeout(() => {
      resting.splice(resting.indexOf(worker), 1);
      worker.end();
    }, idle);
  };

  return {
    async factor(pruner, layer, options) {
      for (let attempt = 1; ; attempt++) {
        const worker = await take();
        try {
          const factor = await Promise.race([worker.lost, worker.maker.factor(pruner, compact(layer), options)]);
          giveBack(worker);
          return factor;
        } catch (error) {
          if (!(error instanceof StudioError && error.code === "device-lost")) {
            giveBack(worker);
            throw error;
          }
          worker.end();
          // Nobody else would start one for those who wait.
          if (waiting.length > 0) giveBack(begin());
          if (attempt === 2)
            throw new StudioError("out-of-memory", `${layer.name}: ${error.message}`, {}, { cause: error });
        }
      }
    },
    close() {
      for (const worker of resting.splice(0)) {
        clearTimeout(worker.retirement);
        worker.end();
      }
    },
  };
}

/** Copying a view to another thread copies all that it is a view of, so views of a part are copied here first. */
function compact<T>(value: T): T {
  if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array)
    return value.byteLength === value.buffer.byteLength ? value : (value.slice() as T);
  if (Array.isArray(value)) return value.map(compact) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, compact(part)])) as T;
}

function endedEarly(why: string): StudioError {
  return new StudioError("device-lost", `factor worker: it ended (${why || "no reason given"}); close other tabs`);
}
