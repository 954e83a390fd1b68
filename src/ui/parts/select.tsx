// A menu without a name of its own beside it, and why it is there.

import { type ReactNode, useId } from "react";
import type { Explained } from "../../core/options.ts";
import { Why } from "./why.tsx";

export function Select(props: {
  readonly label: string;
  readonly why: Explained;
  readonly className?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Options and groups of them. */
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <div className={`explained ${props.className ?? ""}`}>
      <div className="select">
        <select
          aria-label={props.label}
          aria-details={id}
          value={props.value}
          onChange={({ target }) => props.onChange(target.value)}
        >
          {props.children}
        </select>
      </div>
      <Why about={props.label} id={id} why={props.why} />
    </div>
  );
}
