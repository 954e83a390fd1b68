// Flags of a command, read with node:util's parseArgs and checked by the same option specs that make the page's forms.
// A wrong flag, and a value that no model or data could make right, is a usage error (exit code 2), found before
// anything is read; what is wrong with the data or the device is a StudioError (exit code 1).

import { parseArgs } from "node:util";
import { StudioError } from "../core/errors.ts";
import { checkOption, type Option, type OptionValue, type OptionValues } from "../core/options.ts";
import type { Method, Shelf } from "../core/shelf.ts";
import type { Choice } from "../engine/api.ts";

export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Flag {
  readonly help: string;
  /** Shown in the usage line; absent for a switch. */
  readonly value?: string;
  readonly default?: string;
  readonly required?: boolean;
  /** The flag that this one is another name of. */
  readonly shortFor?: string;
  /** @throws UsageError, StudioError when the value can be right for no model. */
  readonly check?: (flags: ParsedFlags, name: string) => void;
}
export type Flags = Readonly<Record<string, Flag>>;

/** Checks that the value is an integer, `min` … `max`. */
export const integerIn =
  (min: number, max = Infinity) =>
  (flags: ParsedFlags, name: string): void =>
    inRange(name, flags.integer(name), min, max);

/** Checks that the value is a number, `min` … `max`. */
export const numberIn =
  (min: number, max = Infinity) =>
  (flags: ParsedFlags, name: string): void =>
    inRange(name, flags.number(name), min, max);

/** Checks that each of several numbers is in `min` … `max`. */
export const numbersIn =
  (min: number, max: number) =>
  (flags: ParsedFlags, name: string): void => {
    for (const value of flags.numbers(name)) inRange(name, value, min, max);
  };

function inRange(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new UsageError(`--${name}: ${value} is not ${max === Infinity ? `at least ${min}` : `in ${min} … ${max}`}`);
}

/** A flag that takes one of a few words. */
export function choiceFlag(choices: readonly string[], flag: Omit<Flag, "value" | "check">): Flag {
  const check = (flags: ParsedFlags, name: string) => {
    const value = flags.text(name);
    if (!choices.includes(value)) throw new UsageError(`--${name}: "${value}" is not one of ${choices.join(", ")}`);
  };
  return { ...flag, value: choices.join("|"), check };
}

/**
 * `--pruner obs --pruner.damping 0.02`: one flag for the method, one for each option of any method on the shelf. Methods
 * whose options share a name share the flag; its help says what each makes of it, once if it is one option of all.
 * `usual` tells the command's own defaults where they are not the method's; `choice` takes the same.
 */
export function shelfFlags(
  shelf: Shelf<Method>,
  fallback: string | undefined,
  help: string,
  usual: (id: string) => OptionValues = () => ({}),
): Flags {
  const check = (flags: ParsedFlags) => void flags.choice(shelf);
  const flags: Record<string, Flag> = {
    [shelf.noun]: { value: shelf.ids.join("|"), help, check, ...(fallback === undefined ? {} : { default: fallback }) },
  };
  for (const id of shelf.ids)
    for (const [key, option] of Object.entries(shelf.get(id).options)) {
      const name = `${shelf.noun}.${key}`;
      const values = option.kind === "choice" ? option.choices : [option.kind];
      const says = `${option.help} (${usual(id)[key] ?? option.default})`;
      if (shelf.ids.every((other) => shelf.get(other).options[key] === option)) {
        const check = (flags: ParsedFlags) => void flags.option(name, option); // whichever method it will be
        flags[name] = { value: values.join("|"), help: says, check };
        continue;
      }
      const { value: known = "", help = "" } = flags[name] ?? {};
      const value = [...new Set([...known.split("|"), ...values])].filter(Boolean).join("|");
      flags[name] = { value, help: `${help && `${help} `}${id}: ${says}` };
    }
  return flags;
}

export class ParsedFlags {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  /** Names of the flags that are not there by default. */
  readonly given: readonly string[];

  constructor(values: Readonly<Record<string, string | boolean | undefined>>, given = Object.keys(values)) {
    this.#values = values;
    this.given = given;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  on(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== "string") throw new UsageError(`--${name} is missing`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  number(name: string): number {
    const value = Number(this.text(name));
    if (this.text(name).trim() === "" || !Number.isFinite(value))
      throw new UsageError(`--${name}: "${this.text(name)}" is not a number`);
    return value;
  }

  integer(name: string): number {
    const value = this.number(name);
    if (!Number.isSafeInteger(value)) throw new UsageError(`--${name}: ${value} is not an integer`);
    return value;
  }

  /** "1,2,3" */
  integers(name: string): number[] {
    return this.#list(name, Number.isSafeInteger, "an integer");
  }

  /** "0.1,0.2" */
  numbers(name: string): number[] {
    return this.#list(name, Number.isFinite, "a number");
  }

  #list(name: string, fits: (value: number) => boolean, what: string): number[] {
    return this.text(name)
      .split(",")
      .map((part) => {
        const value = Number(part);
        if (part.trim() === "" || !fits(value)) throw new UsageError(`--${name}: "${part}" is not ${what}`);
        return value;
      });
  }

  /** @throws invalid-option */
  option(name: string, option: Option): OptionValue {
    return checkOption(`--${name}`, option, parseValue(option, this.text(name)));
  }

  /**
   * The chosen method, or `id`, with the options given for it, over the command's `usual` ones.
   * @throws unknown-method, invalid-option
   */
  choice(shelf: Shelf<Method>, usual: (id: string) => OptionValues = () => ({}), id = this.text(shelf.noun)): Choice {
    const { options } = shelf.get(id);
    const given: Record<string, OptionValue> = {};
    const defaults = usual(id);
    for (const [key, option] of Object.entries(options)) {
      const name = `${shelf.noun}.${key}`;
      if (this.has(name)) given[key] = this.option(name, option);
      else if (defaults[key] !== undefined) given[key] = defaults[key];
    }
    return { id, options: given };
  }
}

function parseValue(option: Option, text: string): OptionValue {
  if (option.kind === "choice") return text;
  if (option.kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}

/** @throws UsageError naming the flag, also for a value that its check refuses */
export function parseFlags(flags: Flags, args: readonly string[]): ParsedFlags {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      { type: flag.value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const given = Object.keys(values);
  for (const [name, { shortFor }] of Object.entries(flags)) {
    if (shortFor === undefined || values[name] === undefined) continue;
    if (values[shortFor] !== undefined) throw new UsageError(`--${name} and --${shortFor} are the same; give one`);
    values[shortFor] = values[name];
  }
  for (const [name, flag] of Object.entries(flags)) {
    if (values[name] === undefined && flag.default !== undefined) values[name] = flag.default;
    if (flag.required && values[name] === undefined) throw new UsageError(`--${name} is missing`);
  }
  const parsed = new ParsedFlags(values, given);
  for (const [name, { check }] of Object.entries(flags))
    if (check && parsed.has(name)) checked(() => check(parsed, name));
  return parsed;
}

/** What is known to be wrong before any model is read is wrong use. */
function checked(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof StudioError ? new UsageError(error.message) : error;
  }
}

export function usage(command: string, help: string, flags: Flags): string {
  const rows = Object.entries(flags).map(([name, flag]) => {
    const head = `  --${name}${flag.value === undefined ? "" : ` ${flag.value}`}`;
    const tail = flag.default === undefined ? (flag.required ? " (required)" : "") : ` [${flag.default}]`;
    return `${head.padEnd(44)} ${flag.help}${tail}`;
  });
  return [`${command}: ${help}`, ...rows].join("\n");
}
