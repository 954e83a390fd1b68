// The one error class. A message reads `where: what is wrong, with the numbers; what to do`.
// Cancelling is the platform's AbortError and is not an error of ours.

export type ErrorCode =
  | "unknown-method"
  | "invalid-option"
  | "invalid-input"
  | "shape-mismatch"
  | "budget-unreachable"
  | "not-positive-definite"
  | "unsupported-device"
  | "device-lost"
  | "out-of-memory"
  | "missing-data"
  | "corrupt-data"
  | "storage-full"
  | "busy";

export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

export class StudioError extends Error {
  override readonly name = "StudioError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Adds where an error happened, keeping its code; anything that is not a StudioError passes untouched. */
export function at(where: string, error: unknown): unknown {
  if (!(error instanceof StudioError)) return error;
  return new StudioError(error.code, `${where}: ${error.message}`, error.details, { cause: error });
}

/** True for the platform's way of saying "cancelled". */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
