// Everything that somebody who helps has to know, as one text to copy. It says nothing of pictures or weights.

import type { StudioState } from "./store.ts";

/** Log lines that are told: the last ones. */
const LINES = 50;

/** What the page knows of the browser it is in. */
export interface Surroundings {
  readonly versions: Readonly<Record<string, string>>;
  /** As the browser calls itself. */
  readonly browser: string;
  readonly processors: number;
  /** Gigabytes, rounded by the browser; undefined where it does not tell. */
  readonly memory: number | undefined;
  /** What work may use, and whether it is there. */
  readonly features: Readonly<Record<string, boolean>>;
  /** Of the GPU; a sentence where there is none. */
  readonly adapter:
    | string
    | {
        readonly info: Readonly<Record<string, string | boolean>>;
        readonly limits: Readonly<Record<string, number>>;
        readonly features: readonly string[];
      };
}

export function diagnosticsOf(
  { session: { status, log }, run, settings }: Pick<StudioState, "session" | "run" | "settings">,
  surroundings: Surroundings,
): string {
  const { phase, id, progress, elsewhere } = run;
  return JSON.stringify(
    {
      ...surroundings,
      backend: status?.device ?? "the engine has not answered",
      engine: status && { ...status, device: undefined, model: status.model?.name },
      run: { phase, id, progress, ...(elsewhere && { elsewhere: elsewhere.name }) },
      settings,
      log: log.slice(-LINES).map(({ code, title, message }) => `${code}: ${title}: ${message}`),
    },
    undefined,
    2,
  );
}
