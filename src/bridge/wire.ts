// Makes an object in another thread indistinguishable from a local one whose methods all return promises. Comlink
// carries the calls; three transfer handlers carry what it loses: `throw` keeps the code and details of a StudioError
// and the platform's AbortError, `callback` lets any function be an argument, `abort` lets an AbortSignal be one.

import * as Comlink from "comlink";
import { type ErrorCode, type ErrorDetails, isAbort, StudioError } from "../core/errors.ts";

/** Answers calls on `endpoint`. Calls that arrive while `target` is still being made wait for it. */
export function serve<T extends object>(target: T | Promise<T>, endpoint: Comlink.Endpoint): void {
  const made = Promise.resolve(target);
  made.catch(() => {}); // every call reports it
  const verbs = methods(async (verb, given) => {
    try {
      const method = (await made)[verb as keyof T];
      if (typeof method !== "function") throw new Error(`wire: there is no verb "${verb}"`);
      return transferred(await method.apply(await made, given));
    } finally {
      await Promise.all(given.map(release));
    }
  });
  Comlink.expose(verbs, endpoint);
}

/** The object that is served at the other end. */
export function remote<T extends object>(endpoint: Comlink.Endpoint): T {
  const wrapped = Comlink.wrap<Record<string, (...given: unknown[]) => unknown>>(endpoint);
  // Comlink closes the endpoint once nobody holds `wrapped`, even if a call is under way: this closure holds it.
  return methods(async (verb, given) => await wrapped[verb]?.(...given)) as T;
}

/** An object that has every method. */
export function methods(call: (verb: string, given: unknown[]) => Promise<unknown>): object {
  const get = (_: object, verb: string | symbol) =>
    typeof verb === "symbol" || verb === "then" ? undefined : (...given: unknown[]) => call(verb, given);
  return new Proxy({}, { get });
}

// ------------------------------------------------------------------------------------------------- errors

type Thrown =
  | { readonly kind: "studio"; readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails }
  | { readonly kind: "abort"; readonly message: string }
  | { readonly kind: "error"; readonly name: string; readonly message: string; readonly stack: string | undefined }
  | { readonly kind: "value"; readonly value: unknown };

function packError(error: unknown): Thrown {
  if (error instanceof StudioError)
    return { kind: "studio", code: error.code, message: error.message, details: error.details };
  if (isAbort(error)) return { kind: "abort", message: (error as Error).message };
  if (error instanceof Error) return { kind: "error", name: error.name, message: error.message, stack: error.stack };
  return { kind: "value", value: error };
}

function unpackError(thrown: Thrown): unknown {
  switch (thrown.kind) {
    case "studio":
      return new StudioError(thrown.code, thrown.message, thrown.details);
    case "abort":
      return new DOMException(thrown.message, "AbortError");
    case "error":
      return Object.assign(new Error(thrown.message), { name: thrown.name, stack: thrown.stack });
    case "value":
      return thrown.value;
  }
}

/** Comlink keeps the mark of a thrown value to itself; its own handler knows it. */
const marked = Comlink.transferHandlers.get("throw") as Comlink.TransferHandler<unknown, unknown>;

Comlink.transferHandlers.set("throw", {
  canHandle: (value): value is unknown => marked.canHandle(value),
  serialize: (value) => [packError((value as { value: unknown }).value), []],
  deserialize: (thrown: Thrown) => {
    throw unpackError(thrown);
  },
} satisfies Comlink.TransferHandler<unknown, Thrown>);

// ---------------------------------------------------------------------------- callbacks and abort signals

/** Ports of received callbacks and signals, until the verb that they were given to settles. */
const ports = new WeakMap<object, MessagePort>();

/** What travels on such a port: something happened, or nothing more will. */
type Message = { readonly value: unknown } | "end";

/**
 * Lets go of a received callback or signal, once all events before have arrived: they travel on a port of their own and
 * a result would overtake them.
 */
function release(received: unknown): Promise<void> | undefined {
  const port = typeof received === "function" || received instanceof AbortSignal ? ports.get(received) : undefined;
  if (!port) return undefined;
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data !== "end") return;
      port.close();
      resolve();
    };
    port.postMessage("end");
  });
}

Comlink.transferHandlers.set("callback", {
  canHandle: (value): value is (event: unknown) => void => typeof value === "function",
  serialize(callback) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data === "end") port1.postMessage("end");
      else callback(data.value);
    };
    return [port2, [port2]];
  },
  deserialize(port) {
    const callback = (value: unknown) => port.postMessage({ value });
    ports.set(callback, port);
    return callback;
  },
} satisfies Comlink.TransferHandler<(event: unknown) => void, MessagePort>);

interface Signal {
  readonly port: MessagePort;
  /** Set when it was aborted before it was sent. */
  readonly aborted: Thrown | undefined;
}

Comlink.transferHandlers.set("abort", {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize(signal) {
    const { port1, port2 } = new MessageChannel();
    const onAbort = () => port1.postMessage({ value: packError(signal.reason) });
    signal.addEventListener("abort", onAbort);
    port1.onmessage = () => {
      signal.removeEventListener("abort", onAbort);
      port1.postMessage("end");
    };
    return [{ port: port2, aborted: signal.aborted ? packError(signal.reason) : undefined }, [port2]];
  },
  deserialize({ port, aborted }) {
    const controller = new AbortController();
    if (aborted) controller.abort(unpackError(aborted));
    port.onmessage = ({ data }) => controller.abort(unpackError(data.value));
    ports.set(controller.signal, port);
    return controller.signal;
  },
} satisfies Comlink.TransferHandler<AbortSignal, Signal>);

// --------------------------------------------------------------------------------------------- big results

/** Smaller arrays are copied as fast as they are handed over. */
const WORTH_TRANSFERRING = 4096;

/** Hands the arrays of a result over instead of copying them: what an engine has published it does not use again. */
function transferred<T>(result: T): T {
  const buffers = new Set<ArrayBuffer>();
  collect(result, buffers);
  return buffers.size > 0 ? Comlink.transfer(result as T & object, [...buffers]) : result;
}

/** A view of a part is copied: others may look at the rest. */
function collect(value: unknown, into: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    if (whole && byteLength >= WORTH_TRANSFERRING) into.add(buffer);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) collect(part, into);
  }
}
