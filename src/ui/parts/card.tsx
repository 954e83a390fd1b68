// One thing of the page with its name, a line about it, and controls that belong to it alone.

import { type ReactNode, useId } from "react";
import type { TourStopId } from "../../state/tour-slice.ts";

export function Card(props: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly tools?: ReactNode;
  readonly className?: string;
  /** The tour stops here. */
  readonly tour?: TourStopId;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`card ${props.className ?? ""}`} aria-labelledby={id} data-tour={props.tour}>
      <header className="card-head">
        <h2 id={id}>{props.title}</h2>
        {props.about && <p>{props.about}</p>}
        {props.tools && <div className="card-tools">{props.tools}</div>}
      </header>
      {props.children}
    </section>
  );
}
