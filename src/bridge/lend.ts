// What a worker lacks and its page has, such as local storage: the page lends it over a port of its own, beside what the
// worker serves.

import { methods, remote, serve } from "./wire.ts";

interface Lent {
  readonly lent: string;
  readonly port: MessagePort;
}

/** Serves `target` to the worker under a name, and gives the worker back. */
export function lend<W extends Pick<Worker, "postMessage">>(name: string, target: object, worker: W): W {
  const { port1, port2 } = new MessageChannel();
  serve(target, port1);
  worker.postMessage({ lent: name, port: port2 } satisfies Lent, [port2]);
  return worker;
}

/** What the page lends under that name. Calls wait until it does. */
export function borrow<T extends object>(name: string, worker: Pick<EventTarget, "addEventListener">): T {
  const lent = new Promise<T>((resolve) => {
    worker.addEventListener("message", (event) => {
      const message = (event as MessageEvent<Partial<Lent> | undefined>).data;
      if (message?.lent === name && message.port) resolve(remote<T>(message.port));
    });
  });
  return methods(async (verb, given) => {
    const object = (await lent) as Record<string, (...given: unknown[]) => unknown>;
    return object[verb]?.(...given);
  }) as T;
}
