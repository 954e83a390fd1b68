// A shelf: one interface, one registry, one file per method. The id exists once, as the registry key,
// and equals the file name; a new method is one new file and one line.

import { StudioError } from "./errors.ts";
import type { Explained, OptionSpec } from "./options.ts";

export interface Method extends Explained {
  readonly label: string;
  readonly options: OptionSpec;
}

export interface Shelf<M extends Method> {
  /** "pruner", "sampler", …: used in errors and flags. */
  readonly noun: string;
  readonly ids: readonly string[];
  /** @throws unknown-method, naming the ids there are. */
  get(id: string): M;
}

export function shelf<M extends Method>(noun: string, methods: Readonly<Record<string, M>>): Shelf<M> {
  const ids = Object.keys(methods);
  return {
    noun,
    ids,
    get(id) {
      const method = Object.hasOwn(methods, id) ? methods[id] : undefined;
      if (!method)
        throw new StudioError("unknown-method", `${noun} "${id}" does not exist; known: ${ids.join(", ")}`, { id });
      return method;
    },
  };
}
