// One of a few, all visible: native radio buttons that look like one control.

import { type ReactNode, useId } from "react";
import type { Explained } from "../../core/options.ts";
import { Why } from "./why.tsx";

export function Segmented<C extends string>(props: {
  readonly legend: string;
  readonly why: Explained;
  readonly value: C | undefined;
  readonly choices: readonly { readonly id: C; readonly label: ReactNode; readonly name?: string }[];
  readonly disabled?: boolean;
  readonly onChange: (value: C) => void;
}) {
  const name = useId();
  return (
    <div className="explained">
      <fieldset className="segmented" aria-details={`${name}-why`} disabled={props.disabled}>
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
      <Why about={props.legend} id={`${name}-why`} why={props.why} />
    </div>
  );
}
