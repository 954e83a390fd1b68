// Native controls with one look: a name, its help, the control, a unit. A number that cannot be used stays visible
// and says what would be right; it takes effect once it is.

import { type ReactNode, useEffect, useId, useState } from "react";
import {
  type ChoiceOption,
  checkOption,
  type Explained,
  type NumberOption,
  type Option,
  type OptionValue,
} from "../../core/options.ts";
import { Why } from "./why.tsx";

interface FieldProps {
  readonly label: string;
  readonly why: Explained;
  readonly problem?: string | undefined;
  /** Of the control; its details are `ID-why`. */
  readonly id: string;
  readonly children: ReactNode;
}

export function Field({ label, why, problem, id, children }: FieldProps) {
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{label}</label>
        <Why about={label} id={`${id}-why`} why={why} />
      </div>
      {children}
      {problem && (
        <p className="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

export function NumberField(props: {
  readonly option: NumberOption;
  readonly value: number;
  readonly disabled?: boolean | undefined;
  readonly onChange: (value: number) => void;
}) {
  const { option, value, onChange } = props;
  const { label, min, max, unit, kind } = option;
  const id = useId();
  const [text, setText] = useState(String(value));
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    setText(String(value));
    setProblem(undefined);
  }, [value]);

  function take(next: string): void {
    setText(next);
    try {
      const parsed = checkOption(label, option, next.trim() === "" ? next : Number(next)) as number;
      setProblem(undefined);
      if (parsed !== value) onChange(parsed);
    } catch {
      setProblem(`${kind === "integer" ? "A whole number" : "A number"} from ${min ?? "any"} to ${max ?? "any"}.`);
    }
  }

  /** A number that was never right does not stay behind. */
  function restore(): void {
    setText(String(value));
    setProblem(undefined);
  }

  return (
    <Field label={label} why={option} problem={problem} id={id}>
      <div className="number">
        <input
          id={id}
          type="number"
          inputMode={kind === "integer" ? "numeric" : "decimal"}
          min={min}
          max={max}
          step={kind === "integer" ? 1 : "any"}
          value={text}
          disabled={props.disabled}
          aria-details={`${id}-why`}
          aria-invalid={problem !== undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onChange={(event) => take(event.target.value)}
          onBlur={restore}
        />
        {unit && <span className="unit">{unit}</span>}
      </div>
    </Field>
  );
}

/** Free text; whoever reads it says what is wrong with it. */
export function TextField(props: {
  readonly label: string;
  readonly why: Explained;
  readonly value: string;
  readonly problem: string | undefined;
  readonly placeholder?: string | undefined;
  /** Behind the text, for example "%". */
  readonly unit?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { label, why, value, problem, unit } = props;
  const id = useId();
  return (
    <Field label={label} why={why} problem={problem} id={id}>
      <div className="number">
        <input
          id={id}
          type="text"
          spellCheck={false}
          placeholder={props.placeholder}
          value={value}
          disabled={props.disabled}
          aria-details={`${id}-why`}
          aria-invalid={problem !== undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onChange={(event) => props.onChange(event.target.value)}
        />
        {unit && <span className="unit">{unit}</span>}
      </div>
    </Field>
  );
}

export function SelectField<C extends string>(props: {
  readonly label: string;
  readonly why: Explained;
  readonly value: C;
  readonly choices: readonly { readonly id: C; readonly label: string }[];
  readonly disabled?: boolean | undefined;
  readonly onChange: (value: C) => void;
}) {
  const id = useId();
  return (
    <Field label={props.label} why={props.why} id={id}>
      <div className="select">
        <select
          id={id}
          value={props.value}
          aria-details={`${id}-why`}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.target.value as C)}
        >
          {props.choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.label}
            </option>
          ))}
        </select>
      </div>
    </Field>
  );
}

/** One option of a method, as its spec describes it. */
export function OptionField(props: {
  readonly option: Option;
  readonly value: OptionValue;
  readonly disabled?: boolean | undefined;
  readonly onChange: (value: OptionValue) => void;
}) {
  const { option, value, disabled, onChange } = props;
  const id = useId();
  if (option.kind === "boolean")
    return (
      <div className="field check">
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          aria-details={`${id}-why`}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
        <label htmlFor={id}>{option.label}</label>
        <Why about={option.label} id={`${id}-why`} why={option} />
      </div>
    );
  if (option.kind === "choice") {
    const { label, choices } = option as ChoiceOption;
    const named = choices.map((choice) => ({ id: choice, label: choice.replaceAll("-", " ") }));
    return (
      <SelectField
        label={label}
        why={option}
        value={String(value)}
        choices={named}
        disabled={disabled}
        onChange={onChange}
      />
    );
  }
  return <NumberField option={option} value={Number(value)} disabled={disabled} onChange={onChange} />;
}
