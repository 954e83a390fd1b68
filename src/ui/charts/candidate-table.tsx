// Every candidate in a table of which only the rows in sight exist. Arrow keys walk through it, Enter picks.

import { type KeyboardEvent, useId, useState } from "react";
import { macs, plural, score } from "../../core/format.ts";
import type { SortKey } from "../../state/candidates.ts";
import type { CandidateRow } from "../../state/select-candidates.ts";
import { moveText, originLabel } from "../origin.ts";
import { useWindow } from "../parts/use-window.ts";
import { LevelCells } from "./level-cells.tsx";

/** CSS pixels; see .candidates in search.css. */
const ROW = 32;

interface Column {
  /** Undefined where there is no order. */
  readonly key?: SortKey;
  readonly label: string;
  readonly title: string;
  readonly look?: "cells" | "words";
}
const columns: readonly Column[] = [
  { key: "rank", label: "Fitness", title: "On the probes" },
  { key: "validation", label: "Validation", title: "On other pictures, of the finalists only" },
  { label: "Levels", title: "Of every stage, in sampling order", look: "cells" },
  { key: "origin", label: "Origin", title: "Where it came from, and by which move", look: "words" },
  { key: "generation", label: "Born", title: "The generation that first had it" },
  { key: "lived", label: "Lived", title: "Generations that it was part of" },
  { label: "Cost", title: "Multiply-accumulates of one picture" },
];

export interface Sorting {
  readonly sort: SortKey;
  readonly descending: boolean;
}

export function CandidateTable(props: {
  readonly rows: readonly CandidateRow[];
  readonly maxLevel: number;
  readonly sorting: Sorting;
  readonly picked: string | undefined;
  readonly onSort: (sorting: Sorting) => void;
  readonly onPick: (row: CandidateRow) => void;
}) {
  const { rows, maxLevel, sorting, picked, onSort, onPick } = props;
  const id = useId();
  const [active, setActive] = useState<string>();
  const { box, first, end, reveal } = useWindow(rows.length, ROW, ROW);
  const at = rows.findIndex(({ key }) => key === active);

  function onKey(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return; // a head's button
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW) - 2);
    const targets: Readonly<Record<string, number>> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: at - page,
      PageDown: at + page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    const row = rows[Math.min(rows.length - 1, Math.max(0, target ?? at))];
    if (!row) return;
    if (target !== undefined) {
      setActive(row.key);
      reveal(rows.indexOf(row));
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) onPick(row);
    else return;
    event.preventDefault();
  }

  return (
    <div ref={box} className="table-scroll candidates">
      <table
        className="table"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are walked and picked
        role="grid"
        tabIndex={0}
        aria-label="Candidates"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={at >= first && at < end ? `${id}-row` : undefined}
        onKeyDown={onKey}
        onFocus={() => setActive(active ?? picked ?? rows[0]?.key)}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.label} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} />
          {rows.slice(first, end).map((row, i) => (
            <tr
              key={row.key}
              id={first + i === at ? `${id}-row` : undefined}
              aria-rowindex={first + i + 2}
              aria-selected={row.key === picked}
              className={row.key === active ? "active" : ""}
              onClick={() => {
                setActive(row.key);
                onPick(row);
              }}
            >
              <td>
                {row.winner && <span className="badge">winner</span>}
                {row.stopped && (
                  <span className="badge" title="Out of reach on part of the probes: its fitness is an estimate">
                    stopped
                  </span>
                )}{" "}
                {score(row.fitness)}
              </td>
              <td>{row.validation === undefined ? "" : score(row.validation)}</td>
              <td className="cells">
                <LevelCells levels={row.levels} maxLevel={maxLevel} />
              </td>
              <td className="words" title={moveText(row)}>
                {originLabel(row.origin.kind)} <span className="muted">{moveText(row)}</span>
              </td>
              <td>{row.generation + 1}</td>
              <td>{row.lived}</td>
              <td>{row.macs === undefined ? "" : macs(row.macs)}</td>
            </tr>
          ))}
          <Gap rows={rows.length - end} />
        </tbody>
      </table>
      {rows.length === 0 && <p className="card-note muted">{plural(0, "candidate")} with these levels and origin.</p>}
    </div>
  );
}

/** Rows that are out of sight. */
function Gap({ rows }: { readonly rows: number }) {
  if (rows === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns.length} style={{ blockSize: rows * ROW }} />
    </tr>
  );
}

function Head(props: {
  readonly column: Column;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}) {
  const { column, sorting, onSort } = props;
  const { key, label, title, look } = column;
  if (!key)
    return (
      <th scope="col" className={look} title={title}>
        {label}
      </th>
    );
  const sorted = sorting.sort === key;
  // The fittest has the lowest rank: the arrow tells of what is shown.
  const rising = sorting.descending === (key === "rank");
  const descending = sorted ? !sorting.descending : key === "validation" || key === "lived";
  return (
    <th scope="col" className={look} aria-sort={sorted ? (rising ? "ascending" : "descending") : undefined}>
      <button type="button" title={title} onClick={() => onSort({ sort: key, descending })}>
        {label}
        <span aria-hidden="true">{sorted ? (rising ? " ↑" : " ↓") : ""}</span>
      </button>
    </th>
  );
}
