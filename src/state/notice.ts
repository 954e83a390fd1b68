// What the page says when something failed: the engine's own sentence (where, what, the numbers, what to do) under a
// title that says which of the person's actions it concerns. Nothing is lost by a notice, and it can be dismissed.

import { type ErrorCode, StudioError } from "../core/errors.ts";

export interface Notice {
  /** "unexpected" marks a bug of ours, "information" no failure at all. */
  readonly code: ErrorCode | "unexpected" | "information";
  /** "The model was not loaded" */
  readonly title: string;
  readonly message: string;
  /** One thing a person can do now, when the message does not say it already. */
  readonly advice?: string | undefined;
}

const advice: Partial<Record<Notice["code"], string>> = {
  "device-lost": "Finished generations are stored: press Continue to go on.",
  "out-of-memory": "Choose fewer probe pictures or a smaller model, then press Continue; finished work is stored.",
  "storage-full": "Free some disk space, or remove banks and runs; what was stored before is untouched.",
  "unsupported-device": "The studio also runs without a GPU: open the page without ?backend=webgpu.",
  unexpected: "This is a fault of the studio. Stored runs are untouched; reloading the page is safe.",
};

/** Storage has failed while the page was open. */
export const OUT_OF_REACH: Notice = {
  code: "storage-full",
  title: "From now on results stay in memory",
  message: "The browser does not reach its disk, which may be full. Work goes on, but a reload forgets what it finds.",
  advice: advice["storage-full"],
};

/** Undefined for a cancelled action, which is no failure. */
export function noticeOf(title: string, error: unknown): Notice | undefined {
  if (isAbort(error)) return undefined;
  const code = isStudioError(error) ? error.code : "unexpected";
  const message = error instanceof Error ? error.message : String(error);
  return { code, title, message, advice: advice[code] };
}

/** Errors that crossed a worker are recognised by name, those of this side by class. */
function isStudioError(error: unknown): error is StudioError {
  return error instanceof StudioError || (error instanceof Error && error.name === "StudioError" && "code" in error);
}

function isAbort(error: unknown): boolean {
  return (error instanceof Error || error instanceof DOMException) && error.name === "AbortError";
}
