// The engine in a worker, supervised. A device that is lost leaves a worker that cannot be used again and may never
// answer, so the worker is thrown away: a new one loads the model and gets the verb in flight once more (a search goes
// on from its journal). From the second loss on it runs in WASM. What a caller sees is a local Engine.

import type { Endpoint } from "comlink";
import { StudioError } from "../core/errors.ts";
import type { Milliseconds } from "../core/tensor.ts";
import type { Backend, Engine, LoadRequest, On } from "../engine/api.ts";
import { remote } from "./wire.ts";

/** What is needed of a Worker. */
export interface WorkerLike extends Endpoint {
  terminate(): void;
}

export interface ConnectOptions {
  /** Starts a worker that serves an Engine; `backend` forces one. */
  readonly start: (backend?: Backend) => WorkerLike;
  /** Told whenever the worker had to be replaced, in words for the page. */
  readonly onSupervisor?: On<Notice>;
  /** How long a verb may give no sign of life. */
  readonly deadline?: Milliseconds;
  /** How long a cancelled verb may take to end by itself. */
  readonly grace?: Milliseconds;
}

export interface Notice {
  readonly kind: "restarted" | "fell-back" | "gave-up";
  readonly message: string;
}

/** A verb that lost its worker this often is not tried again. */
const MOST_ATTEMPTS = 3;
/** Silence is counted in ticks, so that a computer that slept has not been silent for long. */
const TICKS = 12;

type Verb = keyof Engine;
/** They use the device. The other verbs are answered even when the device is not. */
const WORKING: readonly Verb[] = [
  "load",
  "calibrate",
  "search",
  "resume",
  "sensitivity",
  "sweep",
  "evaluate",
  "sample",
  "estimate",
];
/** They may be paused; a pause ends with them. */
const SEARCHING: readonly Verb[] = ["search", "resume", "sensitivity", "sweep"];

interface Call {
  readonly verb: Verb;
  /** Ticks since it was heard of. */
  silent: number;
}

/** One worker, from its start until it is lost. */
interface Life {
  readonly engine: Engine;
  /** Rejects when the worker is lost. */
  readonly lost: Promise<never>;
  /** The model, if there was one, is loaded again. */
  ready: Promise<unknown>;
  end(error: unknown): void;
}

/** An Engine in a worker that is replaced when it is lost. The first call starts it. */
export function connect({ start, onSupervisor, deadline = 120_000, grace = 10_000 }: ConnectOptions): Engine {
  const calls = new Set<Call>();
  const never = new AbortController().signal;
  let ticking: ReturnType<typeof setInterval> | undefined;
  let life: Life | undefined;
  let losses = 0;
  let loaded: LoadRequest | undefined;
  let paused = false;
  let closed = false;

  /** Work anywhere is a sign that the device lives; an answer of another verb says nothing about it. */
  const heard = (verb: Verb) => {
    for (const call of calls) if (WORKING.includes(verb) || call.verb === verb) call.silent = 0;
  };

  const begin = (): Life => {
    const worker = start(losses >= 2 ? "wasm" : undefined);
    let reject: (error: unknown) => void = () => {};
    const lost = new Promise<never>((_, refuse) => {
      reject = refuse;
    });
    lost.catch(() => {}); // the calls in flight hear it
    const end = (error: unknown) => {
      worker.terminate();
      if (life === born) life = undefined;
      reject(error);
    };
    const born: Life = { engine: remote<Engine>(worker), lost, ready: Promise.resolve(), end };
    const onError = (event: Event) => lose(born, `the worker ended: ${(event as ErrorEvent).message || event.type}`);
    worker.addEventListener("error", onError as EventListener);
    worker.addEventListener("messageerror", onError as EventListener);
    if (loaded) {
      born.ready = born.engine
        .load(loaded, () => heard("load"), never)
        .then(() => (paused ? born.engine.pause(true) : undefined));
      born.ready.catch(() => {}); // the verbs that need a model hear it
    }
    for (const call of calls) call.silent = 0;
    life = born;
    return born;
  };

  const lose = (current: Life, why: string, counts = true) => {
    if (life !== current) return;
    if (counts) losses++;
    const fellBack = counts && losses >= 2;
    onSupervisor?.({
      kind: fellBack ? "fell-back" : "restarted",
      message: `${why}. ${fellBack ? "From now on the work runs in WASM" : "A new worker goes on with the work"}.`,
    });
    current.end(new StudioError("device-lost", `worker: ${why}; reload the page or choose ?backend=wasm`, { losses }));
  };

  const tick = () => {
    for (const call of calls) {
      if (paused && SEARCHING.includes(call.verb)) continue;
      if (++call.silent > TICKS && life) lose(life, `${call.verb} gave no sign of life for ${deadline / 1000} s`);
    }
  };

  /** After a crash or two a browser may say that there is no GPU any more. */
  const isLoss = (error: unknown): error is StudioError =>
    error instanceof StudioError &&
    (error.code === "device-lost" || (error.code === "unsupported-device" && losses > 0));

  const enter = (call: Call) => {
    calls.add(call);
    ticking ??= setInterval(tick, deadline / TICKS);
  };
  const leave = (call: Call) => {
    calls.delete(call);
    if (SEARCHING.includes(call.verb)) paused = false;
    if (calls.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };

  /** Runs one verb, on the next worker again when its worker is lost. */
  const run = async <T>(verb: Verb, work: (current: Life) => Promise<T>, signal = never): Promise<T> => {
    const call: Call = { verb, silent: 0 };
    const needsModel = WORKING.includes(verb) && verb !== "load";
    enter(call);
    try {
      for (let attempt = 1; ; attempt++) {
        if (closed) throw new StudioError("busy", `${verb}: the engine is closed; reload the page`);
        const current = life ?? begin();
        const stopWatching = onAbortAfter(signal, grace, () =>
          lose(current, `${verb} did not stop within ${grace / 1000} s`, false),
        );
        try {
          const ready = needsModel ? current.ready : current.ready.catch(() => {});
          const result = await Promise.race([current.lost, ready.then(() => work(current))]);
          heard(verb);
          return result;
        } catch (error) {
          if (!isLoss(error)) throw error;
          lose(current, withoutAdvice(error.message));
          signal.throwIfAborted();
          if (attempt < MOST_ATTEMPTS) continue;
          onSupervisor?.({ kind: "gave-up", message: `${verb} lost its worker ${attempt} times. It was stopped.` });
          throw error;
        } finally {
          stopWatching();
        }
      }
    } finally {
      leave(call);
    }
  };

  /** A verb with events; those of a worker that was lost meanwhile are dropped. */
  const working =
    <R, E, T>(verb: Verb, pick: (engine: Engine) => (request: R, on: On<E>, signal: AbortSignal) => Promise<T>) =>
    (request: R, on: On<E>, signal: AbortSignal): Promise<T> =>
      run(
        verb,
        (current) => {
          const onEvent = (event: E) => {
            if (life !== current) return;
            heard(verb);
            on(event);
          };
          return pick(current.engine)(request, onEvent, signal);
        },
        signal,
      );

  const load = working("load", (engine) => engine.load);

  return {
    status: () => run("status", ({ engine }) => engine.status()),
    async load(request, on, signal) {
      const card = await load(request, on, signal);
      loaded = request;
      if (life) life.ready = Promise.resolve();
      return card;
    },
    calibrate: working("calibrate", (engine) => engine.calibrate),
    search: working("search", (engine) => engine.search),
    resume: working("resume", (engine) => engine.resume),
    sensitivity: working("sensitivity", (engine) => engine.sensitivity),
    sweep: working("sweep", (engine) => engine.sweep),
    evaluate: working("evaluate", (engine) => engine.evaluate),
    fork: (request) => run("fork", ({ engine }) => engine.fork(request)),
    inject: (request) => run("inject", ({ engine }) => engine.inject(request)),
    sample: working("sample", (engine) => engine.sample),
    async pause(value) {
      paused = value;
      await run("pause", ({ engine }) => engine.pause(value));
    },
    estimate: (request) => run("estimate", ({ engine }) => engine.estimate(request)),
    runs: () => run("runs", ({ engine }) => engine.runs()),
    run: (id) => run("run", ({ engine }) => engine.run(id)),
    renameRun: (id, name) => run("renameRun", ({ engine }) => engine.renameRun(id, name)),
    keepPicture: (id, picture) => run("keepPicture", ({ engine }) => engine.keepPicture(id, picture)),
    removeRun: (id) => run("removeRun", ({ engine }) => engine.removeRun(id)),
    banks: () => run("banks", ({ engine }) => engine.banks()),
    removeBank: (id) => run("removeBank", ({ engine }) => engine.removeBank(id)),
    exportBank: working("exportBank", (engine) => engine.exportBank),
    importBank: working("importBank", (engine) => engine.importBank),

    async close() {
      const current = life;
      closed = true;
      if (!current) return;
      let patience: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise((resolve) => {
        patience = setTimeout(resolve, grace);
      });
      await Promise.race([current.engine.close().catch(() => {}), current.lost.catch(() => {}), late]);
      clearTimeout(patience);
      current.end(new DOMException("The engine was closed", "AbortError"));
    },
  };
}

/** What is wrong, without what a person should do: the supervisor does it. */
const withoutAdvice = (message: string) => message.replace(/;.*/s, "").replace(/\.$/, "");

/** Calls `late` when the signal was aborted `patience` ago, unless stopped before. */
function onAbortAfter(signal: AbortSignal, patience: Milliseconds, late: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onAbort = () => {
    timer = setTimeout(late, patience);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  };
}
