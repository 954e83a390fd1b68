// One of a few, all visible: native radio buttons that look like one control.

import { type ReactNode, useId } from "react";

export function Segmented<C extends string>(props: {
  readonly legend: string;
  readonly value: C | undefined;
  readonly choices: readonly { readonly id: C; readonly label: ReactNode; readonly name?: string }[];
  readonly disabled?: boolean;
  readonly onChange: (value: C) => void;
}) {
  const name = useId();
  return (
    <fieldset className="segmented" disabled={props.disabled}>
      <legend className="hidden">{props.legend}</legend>
      {props.choices.map(({ id, label, name: spoken }) => (
        <label key={id} title={spoken}>
          <input
            type="radio"
            name={name}
            value={id}
            checked={props.value === id}
            aria-label={spoken}
            onChange={() => props.onChange(id)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
