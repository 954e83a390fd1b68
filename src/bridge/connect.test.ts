import { afterEach, expect, test, vi } from "vitest";
import { StudioError } from "../core/errors.ts";
import type { Backend, Engine, LoadRequest, SearchEvent, SearchRequest, SearchResult } from "../engine/api.ts";
import { type ConnectOptions, connect, type Notice, type WorkerLike } from "./connect.ts";
import { serve } from "./wire.ts";

/** What happens to a worker at its third candidate. */
type Fate = "healthy" | "no device" | "device lost" | "silent" | "dies" | "ignores abort";

interface World {
  readonly engine: Engine;
  /** Backend that each worker was started with. */
  readonly started: (Backend | undefined)[];
  readonly ended: number;
  /** Verbs that workers received. */
  readonly log: string[];
  readonly notices: Notice[];
}

/** What a long verb is called with. */
type Given = [request: object, on: (event: unknown) => void, signal: AbortSignal];

const turn = (delay = 1) => new Promise((resolve) => setTimeout(resolve, delay));
const CANDIDATES = 8;

/** Workers over message channels; the search keeps its journal in the world, as storage would. */
function world(fates: readonly Fate[], options: Partial<ConnectOptions> = {}): World {
  const started: (Backend | undefined)[] = [];
  const log: string[] = [];
  const notices: Notice[] = [];
  let journal = 0;
  let ended = 0;

  const start = (backend?: Backend): WorkerLike => {
    const fate = fates[started.length] ?? "healthy";
    started.push(backend);
    const { port1, port2 } = new MessageChannel();
    const errors = new Set<EventListener>();
    let model: string | undefined;
    const engine = {
      async status() {
        log.push("status");
        return { device: {}, durability: "memory", model };
      },
      async load({ source }: LoadRequest) {
        log.push("load");
        model = source.kind;
        return { id: model };
      },
      async pause(value: boolean) {
        log.push(`pause ${value}`);
      },
      async search(...[, on, signal]: Given) {
        log.push(`search from ${journal}`);
        if (!model) throw new StudioError("missing-data", "engine: no model is loaded; load one first");
        for (let step = 0; journal < CANDIDATES; step++) {
          await turn();
          if (fate !== "ignores abort") signal.throwIfAborted();
          if (step === 2 && fate === "device lost")
            throw new StudioError("device-lost", "webgpu: the GPU was lost.; start again");
          if (step === 2 && fate === "dies")
            for (const listener of errors) listener(Object.assign(new Event("error"), { message: "out of memory" }));
          if (step === 2 && fate !== "healthy") await new Promise(() => {});
          on({ type: "candidate", generation: journal++ });
        }
        return { run: "r" };
      },
      resume: (...given: Given) => engine.search(...given),
      sensitivity: (...given: Given) => engine.search(...given),
      sweep: (...given: Given) => engine.search(...given),
      evaluate: (...given: Given) => engine.search(...given),
      async close() {
        log.push("close");
      },
    };
    const refused = () =>
      Promise.reject(new StudioError("unsupported-device", "this browser offers no WebGPU adapter"));
    serve(fate === "no device" ? refused() : engine, port2);
    return {
      postMessage: (message, transfer) => port1.postMessage(message, transfer ?? []),
      addEventListener: (type, listener) =>
        type === "message"
          ? port1.addEventListener(type, listener as EventListener)
          : errors.add(listener as EventListener),
      removeEventListener: () => {},
      start: () => port1.start(),
      terminate: () => {
        ended++;
        port1.close();
        port2.close();
      },
    };
  };
  const engine = connect({
    start,
    onSupervisor: (notice) => notices.push(notice),
    deadline: 120,
    grace: 60,
    ...options,
  });
  made.push(engine);
  return {
    engine,
    started,
    log,
    notices,
    get ended() {
      return ended;
    },
  };
}
const made: Engine[] = [];
afterEach(async () => {
  for (const engine of made.splice(0)) await engine.close();
});

const signal = new AbortController().signal;
const source = { kind: "bundle", base: "models/x" } as const;
const load = (engine: Engine) => engine.load({ source }, () => {}, signal);
const search = (engine: Engine, on: (event: SearchEvent) => void = () => {}, until = signal): Promise<SearchResult> =>
  engine.search({} as SearchRequest, on, until);

test("a healthy worker is one worker, and nothing is announced", async () => {
  const { engine, started, notices } = world([]);
  expect(started).toEqual([]);
  await load(engine);
  expect(await search(engine)).toEqual({ run: "r" });
  expect(started).toEqual([undefined]);
  expect(notices).toEqual([]);
});

test.each(["device lost", "silent", "dies"] as const)(
  "a worker that is lost (%s) is replaced and the search goes on",
  async (fate) => {
    const { engine, started, log, notices } = world([fate]);
    await load(engine);
    const heard: number[] = [];
    await search(engine, (event) => event.type === "candidate" && heard.push(event.generation));
    expect(started).toEqual([undefined, undefined]);
    expect(log).toEqual(["load", "search from 0", "load", "search from 2"]);
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(notices.map(({ kind }) => kind)).toEqual(["restarted"]);
  },
);

test.each(["resume", "sensitivity", "sweep"] as const)(
  "%s goes on with a new worker, and may be paused for as long as anyone likes",
  async (verb) => {
    const { engine, started, log, notices } = world(["device lost", "silent"]);
    await load(engine);
    await engine.pause(true);
    const working = (engine[verb] as (...given: Given) => Promise<unknown>)({}, () => {}, signal);
    await vi.waitFor(() => expect(log.at(-1)).toBe("search from 2"));
    await turn(300); // the second worker is silent, and a pause is no silence
    expect(started).toHaveLength(2);
    await engine.pause(false);
    expect(await working).toEqual({ run: "r" });
    expect(notices.map(({ kind }) => kind)).toEqual(["restarted", "fell-back"]);
  },
);

test("the notice says why in words", async () => {
  const { engine, notices } = world(["device lost", "silent"]);
  await load(engine);
  await search(engine);
  expect(notices.map(({ message }) => message)).toEqual([
    "webgpu: the GPU was lost. A new worker goes on with the work.",
    "search gave no sign of life for 0.12 s. From now on the work runs in WASM.",
  ]);
});

test("after the second loss it runs in WASM, after the third it gives up and says so", async () => {
  const lost = world(["device lost", "device lost"]);
  await load(lost.engine);
  await search(lost.engine);
  expect(lost.started).toEqual([undefined, undefined, "wasm"]);
  expect(lost.notices.map(({ kind }) => kind)).toEqual(["restarted", "fell-back"]);

  const hopeless = world(["device lost", "device lost", "device lost"]);
  await load(hopeless.engine);
  await expect(search(hopeless.engine)).rejects.toMatchObject({ code: "device-lost" });
  expect(hopeless.notices.at(-1)?.kind).toBe("gave-up");
  expect(await search(hopeless.engine)).toEqual({ run: "r" });
});

test("a browser that has no GPU after a crash goes on in WASM; one that never had one says so", async () => {
  const { engine, started, notices } = world(["device lost", "no device"]);
  await load(engine);
  await search(engine);
  expect(started).toEqual([undefined, undefined, "wasm"]);
  expect(notices.map(({ kind }) => kind)).toEqual(["restarted", "fell-back"]);

  const without = world(["no device"]);
  await expect(load(without.engine)).rejects.toMatchObject({ code: "unsupported-device" });
  expect(without.started.length).toBe(1);
});

test("cancelling waits for the verb, and ends the worker only when it does not stop", async () => {
  const kind = world([]);
  await load(kind.engine);
  const stop = new AbortController();
  await expect(search(kind.engine, () => stop.abort(), stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  expect(kind.ended).toBe(0);

  const stubborn = world(["ignores abort"], { deadline: 10_000 });
  await load(stubborn.engine);
  const force = new AbortController();
  await expect(search(stubborn.engine, () => force.abort(), force.signal)).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(stubborn.ended).toBe(1);
  expect(stubborn.notices.map(({ message }) => message)).toEqual([
    "search did not stop within 0.06 s. A new worker goes on with the work.",
  ]);
  expect((await stubborn.engine.status()).model).toBe("bundle");
});

test("answers of other verbs do not hide a device that hangs", async () => {
  const { engine, started } = world(["silent"]);
  await load(engine);
  const polling = setInterval(() => engine.status(), 20);
  await search(engine);
  clearInterval(polling);
  expect(started.length).toBe(2);
});

test("a paused search may be silent for as long as it likes", async () => {
  const { engine, started } = world(["silent"]);
  await load(engine);
  const stop = new AbortController();
  const searching = search(engine, () => engine.pause(true), stop.signal).catch((error: Error) => error.name);
  await turn(400);
  expect(started.length).toBe(1);
  stop.abort();
  expect(await searching).toBe("AbortError");
});

test("errors of the engine pass, and cost no worker", async () => {
  const { engine, started, notices } = world([]);
  await expect(search(engine)).rejects.toMatchObject({ code: "missing-data" });
  await load(engine);
  await search(engine);
  expect(started.length).toBe(1);
  expect(notices).toEqual([]);
});

test("closing ends the worker, and later calls say so", async () => {
  const { engine, log } = world([]);
  await load(engine);
  await engine.close();
  expect(log).toEqual(["load", "close"]);
  await expect(engine.status()).rejects.toThrow("closed");
});
