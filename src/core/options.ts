// Options declared once as data. From a spec follow the TypeScript type inside the method, the default
// values, the form in the page, the CLI flags and the validation with its error message.

import { StudioError } from "./errors.ts";

/** Why something is there, for a person who has not read the paper, and where it is written. */
export interface Explained {
  /** A few sentences. */
  readonly help: string;
  /** In plain text. */
  readonly equation?: string;
  /** Section or equation: "Diff-ES §3.2". */
  readonly source?: string;
}
interface Described extends Explained {
  readonly label: string;
}
export interface NumberOption extends Described {
  readonly kind: "number" | "integer";
  readonly default: number;
  readonly min?: number;
  readonly max?: number;
  /** Shown behind the value, for example "levels". */
  readonly unit?: string;
}
export interface BooleanOption extends Described {
  readonly kind: "boolean";
  readonly default: boolean;
}
export interface ChoiceOption<C extends string = string> extends Described {
  readonly kind: "choice";
  readonly default: C;
  readonly choices: readonly C[];
}
export type Option = NumberOption | BooleanOption | ChoiceOption;
export type OptionSpec = Readonly<Record<string, Option>>;
export type OptionValue = number | boolean | string;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** The values that a spec describes. */
export type ValuesOf<S extends OptionSpec> = {
  readonly [K in keyof S]: S[K] extends NumberOption
    ? number
    : S[K] extends BooleanOption
      ? boolean
      : S[K] extends ChoiceOption<infer C>
        ? C
        : never;
};

export function defaultsOf<S extends OptionSpec>(spec: S): ValuesOf<S> {
  return Object.fromEntries(Object.entries(spec).map(([key, option]) => [key, option.default])) as ValuesOf<S>;
}

/**
 * Fills defaults in and checks every value.
 * @throws invalid-option naming the option, the value and what would be right.
 */
export function checkOptions<S extends OptionSpec>(where: string, spec: S, given: OptionValues = {}): ValuesOf<S> {
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(spec, key))
      throw new StudioError(
        "invalid-option",
        `${where}: there is no option "${key}"; known: ${Object.keys(spec).join(", ") || "none"}`,
      );
  }
  const values: Record<string, OptionValue> = { ...defaultsOf(spec) };
  for (const [key, option] of Object.entries(spec)) {
    if (Object.hasOwn(given, key)) values[key] = checkOption(`${where}.${key}`, option, given[key] as OptionValue);
  }
  return values as ValuesOf<S>;
}

/** @throws invalid-option */
export function checkOption(where: string, option: Option, value: OptionValue): OptionValue {
  const refuse = (expected: string): never => {
    throw new StudioError("invalid-option", `${where}: ${JSON.stringify(value)} is not ${expected}`);
  };
  switch (option.kind) {
    case "boolean":
      return typeof value === "boolean" ? value : refuse("true or false");
    case "choice":
      return option.choices.includes(value as string) ? value : refuse(`one of ${option.choices.join(", ")}`);
    default: {
      const { min = -Infinity, max = Infinity, kind } = option;
      const right = typeof value === "number" && value >= min && value <= max;
      if (!right || (kind === "integer" && !Number.isInteger(value)))
        return refuse(`${kind === "integer" ? "an integer" : "a number"} in [${min}, ${max}]`);
      return value;
    }
  }
}
