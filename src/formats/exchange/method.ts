// What the authors call a pruning method, and how they call the two kinds that their code tells apart.

import * as z from "zod/mini";

const OURS_TO_AUTHORS: Readonly<Record<string, string>> = { obs: "secondorder" };

/** Methods that they do not have, and those named alike, keep their id. */
export function methodToAuthors(id: string): string {
  return OURS_TO_AUTHORS[id] ?? id;
}

export function methodFromAuthors(name: string): string {
  return Object.keys(OURS_TO_AUTHORS).find((id) => OURS_TO_AUTHORS[id] === name) ?? name;
}

/** Whether one level is a share of heads and channels in every block, or a whole block. */
export type Kind = "width" | "depth";
/** Whatever scores heads and channels is "secondorder" to them. */
const MODES = { width: "secondorder", depth: "layerdrop" } as const;
export const modeSchema = z.enum([MODES.width, MODES.depth]);

export function modeOf(kind: Kind): z.infer<typeof modeSchema> {
  return MODES[kind];
}

export function kindOf(mode: z.infer<typeof modeSchema>): Kind {
  return mode === MODES.depth ? "depth" : "width";
}
