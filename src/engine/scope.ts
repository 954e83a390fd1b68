// Named tensors of one execution of a program. What runs wrote or was handed over is freed when overwritten or left behind.

import { type DeviceTensor, type Feed, isDeviceTensor } from "../runtime/runtime.ts";

export class Scope {
  readonly #values: Map<string, Feed>;
  readonly #owned = new Map<string, DeviceTensor>();

  constructor(given: Readonly<Record<string, Feed>>, handedOver: Readonly<Record<string, Feed>> = {}) {
    this.#values = new Map(Object.entries(given));
    for (const [name, value] of Object.entries(handedOver)) if (isDeviceTensor(value)) this.#owned.set(name, value);
  }

  get(name: string): Feed {
    const value = this.#values.get(name);
    if (!value) throw new Error(`scope: nothing is called "${name}"`);
    return value;
  }

  set(name: string, value: DeviceTensor): void {
    this.#owned.get(name)?.free();
    this.#owned.set(name, value);
    this.#values.set(name, value);
  }

  /** Gives away the tensors it owns whose name fits. */
  take(fits: (name: string) => boolean): Record<string, DeviceTensor> {
    const taken: Record<string, DeviceTensor> = {};
    for (const [name, value] of this.#owned)
      if (fits(name)) {
        taken[name] = value;
        this.#owned.delete(name);
      }
    return taken;
  }

  free(): void {
    for (const value of this.#owned.values()) value.free();
    this.#owned.clear();
  }
}
