// Reading goes on after a mistake, so that one error can name everything that is wrong with a folder.

import * as z from "zod/mini";
import { StudioError } from "../../core/errors.ts";

/** Is told what is wrong, with the numbers; the file is known to whoever listens. */
export type Report = (problem: string) => void;

/** Files that are read and checked together. */
export class Folder {
  readonly #where: string;
  readonly #files: ReadonlyMap<string, string>;
  readonly #problems: string[] = [];

  /** @param files text by name; `where` is for the message */
  constructor(where: string, files: ReadonlyMap<string, string>) {
    this.#where = where;
    this.#files = files;
  }

  /** Undefined when there is no such file, or after reports. */
  read<T>(file: string, reader: (text: string, report: Report) => T | undefined): T | undefined {
    const text = this.#files.get(file);
    return text === undefined ? undefined : reader(text, this.report(file));
  }

  /** Everything that was reported so far. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  report(file: string): Report {
    return (problem) => void this.#problems.push(`${file}: ${problem}`);
  }

  /** @throws corrupt-data when anything was reported */
  settle(): void {
    if (this.#problems.length > 0) this.fail();
  }

  /** @throws corrupt-data with everything that was reported */
  fail(): never {
    const { length } = this.#problems;
    const count = `${length} ${length === 1 ? "mismatch" : "mismatches"}`;
    const advice = "correct the files, or give the model and the stages that they were made for";
    const list = this.#problems.map((problem) => `\n  ${problem}`).join("");
    throw new StudioError("corrupt-data", `${this.#where}: ${count}; ${advice}${list}`, { mismatches: length });
  }
}

/** The JSON of a file; undefined after a report when it is none. */
export function parseJson(text: string, report: Report): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    report(`is not JSON: ${(error as Error).message}`);
    return undefined;
  }
}

/** The value in the shape of the schema; undefined after a report of every field that is not. */
export function checkShape<T>(schema: z.ZodMiniType<T>, value: unknown, report: Report): T | undefined {
  if (value === undefined) return undefined;
  const result = schema.safeParse(value, { error: z.locales.en().localeError });
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) report(`${path.join(".") || "the whole file"}: ${message}`);
  return undefined;
}

/** Indented as the authors' code writes it. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
