// Pictures along two axes of one's choice. Cells appear as they are drawn; what was drawn before is there at once.

import { type KeyboardEvent, useRef, useState } from "react";
import { percent, plural } from "../../core/format.ts";
import { className, pictureLabels } from "../../state/labels.ts";
import { type Coordinates, type MatrixAxis, matrixAxes } from "../../state/matrix-axes.ts";
import { type SideId, selectComparands } from "../../state/select-comparands.ts";
import { type Matrix, type MatrixCell, selectMatrix } from "../../state/select-matrix.ts";
import { shelves } from "../../state/settings.ts";
import { Card } from "../parts/card.tsx";
import { SelectField } from "../parts/field.tsx";
import { type GridCell, movedBy } from "../parts/grid-keys.ts";
import { Picture } from "../parts/picture.tsx";
import { sideLook } from "../side-look.ts";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

const names: Readonly<Record<MatrixAxis, string>> = {
  schedule: "Schedule",
  class: "Class",
  seed: "Seed",
  steps: "Steps",
  guidance: "Guidance",
  pruner: "Method",
  sparsity: "Sparsity",
  stages: "Stages",
};

export function MatrixPanel() {
  const matrix = useStudio(selectMatrix);
  const { rows, columns, schedule, asked } = useStudio((state) => state.matrix);
  const comparands = useStudio(selectComparands);
  const runs = useStudio((state) => state.session.runs);
  const setMatrix = useStudio((state) => state.setMatrix);
  if (!matrix || comparands.length < 2) return null;
  const axes = matrixAxes.map((id) => ({ id, label: names[id] }));
  const count = matrix.rows.length * matrix.columns.length;
  return (
    <Card
      title="Matrix"
      className="compare matrix"
      about="One picture along two axes; the large one above is the start"
    >
      <div className="vote-setup">
        <SelectField
          label="Rows"
          why={why.matrixAxis}
          value={rows}
          choices={axes}
          onChange={(axis) => setMatrix({ rows: axis })}
        />
        <SelectField
          label="Columns"
          why={why.matrixAxis}
          value={columns}
          choices={axes}
          onChange={(axis) => setMatrix({ columns: axis })}
        />
        {rows !== "schedule" && columns !== "schedule" && (
          <SelectField<SideId>
            label="Schedule"
            why={why.matrixSchedule}
            value={schedule}
            choices={comparands.map(({ id }) => ({ id, label: sideLook(id, runs).label }))}
            onChange={(id) => setMatrix({ schedule: id })}
          />
        )}
        <button type="button" className="button" onClick={() => setMatrix({ asked: !asked })}>
          {asked ? "Stop drawing" : `Draw ${plural(count, "picture")}`}
        </button>
      </div>
      <Cells matrix={matrix} rows={rows} columns={columns} />
    </Card>
  );
}

/** An ARIA grid: one cell is in the way of Tab, arrow keys go to the others. */
function Cells(props: { readonly matrix: Matrix; readonly rows: MatrixAxis; readonly columns: MatrixAxis }) {
  const { matrix, rows, columns } = props;
  const nameOf = useNames();
  const [chosen, choose] = useState<GridCell>({ row: 0, column: 0 });
  // Another axis may be shorter.
  const row = Math.min(chosen.row, matrix.rows.length - 1);
  const column = Math.min(chosen.column, matrix.columns.length - 1);
  const grid = useRef<HTMLTableElement>(null);
  function onKey(event: KeyboardEvent): void {
    const next = movedBy(event.key, { row, column }, matrix.rows.length, matrix.columns.length);
    if (!next) return;
    event.preventDefault();
    choose(next);
    grid.current?.tBodies[0]?.rows[next.row]?.querySelectorAll("td")[next.column]?.focus();
  }
  return (
    <div className="table-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the grid of the ARIA pattern is a table */}
      <table ref={grid} className="table" role="grid" onKeyDown={onKey}>
        <caption className="hidden">{`Pictures by ${names[rows]} and ${names[columns]}`}</caption>
        <thead>
          <tr>
            <td />
            {matrix.columns.map((value) => (
              <th key={String(value)} scope="col">
                {nameOf(columns, value)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map((value, at) => (
            <tr key={String(value)}>
              <th scope="row">{nameOf(rows, value)}</th>
              {matrix.columns.map((other, along) => (
                <td
                  key={String(other)}
                  tabIndex={at === row && along === column ? 0 : -1}
                  onFocus={() => choose({ row: at, column: along })}
                >
                  <Cell
                    cell={matrix.cells[at]?.[along]}
                    side={matrix.side}
                    name={`${nameOf(rows, value)}, ${nameOf(columns, other)}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({
  cell,
  side,
  name,
}: {
  readonly cell: MatrixCell | undefined;
  readonly side: number;
  readonly name: string;
}) {
  if (cell?.picture)
    return (
      <div className="matrix-cell">
        <Picture pixels={cell.picture} side={side} alt={name} />
      </div>
    );
  const { problem, progress } = cell ?? {};
  return (
    <div className="matrix-cell" title={problem}>
      <span className="small muted">
        {problem ? "not possible" : progress ? `${progress.done} of ${progress.total}` : ""}
      </span>
      {problem && <span className="hidden">{problem}</span>}
    </div>
  );
}

/** What a value on an axis is called. */
function useNames(): (axis: MatrixAxis, value: Coordinates[MatrixAxis]) => string {
  const card = useStudio((state) => state.model.card);
  const runs = useStudio((state) => state.session.runs);
  return (axis, value) => {
    switch (axis) {
      case "schedule":
        return sideLook(value as SideId, runs).label;
      case "class":
        return card ? className(card, pictureLabels(card)[Number(value)] ?? 0) : "";
      case "pruner":
        return shelves.pruner.get(String(value)).label;
      case "sparsity":
        return percent(Number(value));
      case "seed":
        return `seed ${value}`;
      case "guidance":
        return `guidance ${value}`;
      case "steps":
        return plural(Number(value), "step");
      case "stages":
        return plural(Number(value), "stage");
    }
  };
}
