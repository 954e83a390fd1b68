// Sessions of graphs that are made for one size of picture, which is known when the first one comes.

import type { DeviceTensor, Runtime, Session } from "../../runtime/runtime.ts";

export class SizedSessions {
  readonly #runtime: Runtime;
  readonly #label: string;
  readonly #graph: (height: number, width: number) => Uint8Array;
  readonly #sessions = new Map<string, Promise<Session>>();

  /** @param label "metric quality" */
  constructor(runtime: Runtime, label: string, graph: (height: number, width: number) => Uint8Array) {
    this.#runtime = runtime;
    this.#label = label;
    this.#graph = graph;
  }

  /** The session for pictures [B, C, H, W]; it stays owned here. */
  async for({ shape }: DeviceTensor): Promise<Session> {
    const [height, width] = shape.slice(2) as [number, number];
    const size = `${height} x ${width}`;
    const session =
      this.#sessions.get(size) ?? this.#runtime.load(this.#graph(height, width), `${this.#label}, ${size} pixels`);
    this.#sessions.set(size, session);
    session.catch(() => this.#sessions.delete(size)); // the next one may find memory again
    return session;
  }

  async free(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).free();
    this.#sessions.clear();
  }
}
