// The engine that a command's flags ask for, with the model loaded.

import type { ModelCard } from "../engine/api.ts";
import { backendOf, type Context, modelSource, threadsOf } from "./commands/command.ts";
import { type Opened, openEngine } from "./environment.ts";
import type { ParsedFlags } from "./flags.ts";

export interface Loaded extends Opened {
  readonly card: ModelCard;
}

/**
 * Closed when the work is done.
 * @param flags with `modelFlags`
 * @param folder of banks and runs
 */
export async function withModel<T>(
  flags: ParsedFlags,
  folder: string,
  { signal }: Context,
  work: (loaded: Loaded) => Promise<T>,
): Promise<T> {
  const source = await modelSource(flags);
  const opened = await openEngine(backendOf(flags), folder, threadsOf(flags));
  try {
    return await work({ ...opened, card: await opened.engine.load({ source }, () => {}, signal) });
  } finally {
    await opened.engine.close();
  }
}
