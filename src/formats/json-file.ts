// A small JSON file from strangers: parsed, and checked against a schema.

import * as z from "zod/mini";
import { StudioError } from "../core/errors.ts";

/** @throws corrupt-data naming the file and the first field that is wrong */
export function parseJsonFile<T>(name: string, schema: z.ZodMiniType<T>, bytes: Uint8Array): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new StudioError("corrupt-data", `${name}: not JSON: ${(error as Error).message}`);
  }
  const result = schema.safeParse(json, { error: z.locales.en().localeError });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") || "the whole file";
  throw new StudioError("corrupt-data", `${name}: ${field}: ${issue?.message}; correct or export it again`, { field });
}
