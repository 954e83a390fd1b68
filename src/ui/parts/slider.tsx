// A number in reach of a hand: its name, why it is there, the native slider, and what it stands at.

import { useId } from "react";
import type { Explained } from "../../core/options.ts";
import { Why } from "./why.tsx";

export function Slider(props: {
  readonly label: string;
  readonly why: Explained;
  readonly className: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What is read, and shown behind it. */
  readonly text: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}) {
  const { label, value, min, max, text, onChange } = props;
  const id = useId();
  return (
    <div className={props.className}>
      <span className="field-head">
        <label htmlFor={id}>{label}</label>
        <Why about={label} id={`${id}-why`} why={props.why} />
      </span>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        disabled={props.disabled}
        aria-valuetext={text}
        aria-details={`${id}-why`}
        onChange={({ target }) => onChange(Number(target.value))}
      />
      <output htmlFor={id}>{text}</output>
    </div>
  );
}
