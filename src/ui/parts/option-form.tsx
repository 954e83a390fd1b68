// The form of a method, from its option spec alone: a new method needs no code here.

import type { OptionSpec, OptionValue, OptionValues } from "../../core/options.ts";
import { OptionField } from "./field.tsx";

export function OptionForm(props: {
  readonly spec: OptionSpec;
  readonly values: OptionValues;
  readonly disabled?: boolean;
  readonly onChange: (key: string, value: OptionValue) => void;
}) {
  return Object.entries(props.spec).map(([key, option]) => (
    <OptionField
      key={key}
      option={option}
      value={props.values[key] ?? option.default}
      disabled={props.disabled}
      onChange={(value) => props.onChange(key, value)}
    />
  ));
}
