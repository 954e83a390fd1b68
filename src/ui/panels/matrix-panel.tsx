// Pictures along two axes of one's choice. Cells appear as they are drawn; what was drawn before is there at once.

import { className, pictureLabels } from "../../state/labels.ts";
import { type Coordinates, type MatrixAxis, matrixAxes } from "../../state/matrix-axes.ts";
import { type SideId, selectComparands } from "../../state/select-comparands.ts";
import { type MatrixCell, selectMatrix } from "../../state/select-matrix.ts";
import { shelves } from "../../state/settings.ts";
import { percent, plural } from "../format.ts";
import { Card } from "../parts/card.tsx";
import { SelectField } from "../parts/field.tsx";
import { Picture } from "../parts/picture.tsx";
import { ScrollTable } from "../parts/scroll-table.tsx";
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
  const nameOf = useNames();
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
      <ScrollTable caption={`Pictures by ${names[rows]} and ${names[columns]}`}>
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
          {matrix.rows.map((value, row) => (
            <tr key={String(value)}>
              <th scope="row">{nameOf(rows, value)}</th>
              {matrix.columns.map((other, column) => (
                <td key={String(other)}>
                  <Cell
                    cell={matrix.cells[row]?.[column]}
                    side={matrix.side}
                    name={`${nameOf(rows, value)}, ${nameOf(columns, other)}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Card>
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
