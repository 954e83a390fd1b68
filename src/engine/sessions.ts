// Sessions by key, compiled at first use. One that cannot be compiled is forgotten: the next use tries again, and
// freeing does not trip over it.

import type { Runtime, Session } from "../runtime/runtime.ts";

export class Sessions {
  readonly #runtime: Runtime;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get(key: string, graph: () => Uint8Array, label = key): Promise<Session> {
    let session = this.#sessions.get(key);
    if (!session) {
      session = this.#runtime.load(graph(), label);
      session.catch(() => this.#sessions.delete(key));
      this.#sessions.set(key, session);
    }
    return session;
  }

  async free(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) if (session.status === "fulfilled") await session.value.free();
  }
}
