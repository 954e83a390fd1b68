// Why a control is there: behind its question mark the sentences, the equation, and where it is written. The control
// itself names it as its details, so that it is found from there by those who hear the page.

import type { Explained } from "../../core/options.ts";
import { Help } from "./popover.tsx";

/** Diff-ES; other papers say their number. */
const PAPER = "2603.05105";

/** @param id that the control's `aria-details` says */
export function Why(props: { readonly about: string; readonly id: string; readonly why: Explained }) {
  const { help, equation, source } = props.why;
  return (
    <Help about={props.about} id={props.id}>
      {help}
      {equation && <span className="equation">{equation}</span>}
      {source && (
        <span className="source">
          <a
            href={`https://arxiv.org/abs/${/arXiv ([\d.]+)/.exec(source)?.[1] ?? PAPER}`}
            target="_blank"
            rel="noreferrer"
          >
            {source}
          </a>
        </span>
      )}
    </Help>
  );
}
