// The same noise and classes through every schedule: one row each, with what it costs and how close it stays to the
// dense pictures. Rows fill in as the search finds better schedules; a click compares one column in large.

import { useState } from "react";
import { className, pictureLabels } from "../../state/labels.ts";
import { type GridRow, selectGrid } from "../../state/selectors.ts";
import { shelves } from "../../state/settings.ts";
import { Card } from "../parts/card.tsx";
import { useStudio } from "../studio.tsx";
import { SampleRow } from "./sample-row.tsx";
import { ZoomDialog } from "./zoom-dialog.tsx";

export function SamplePanel() {
  const card = useStudio((state) => state.model.card);
  const rows = useStudio(selectGrid);
  const settings = useStudio((state) => state.run.request ?? state.settings);
  const [zoomed, setZoomed] = useState<number>();
  const labels = card ? pictureLabels(card) : [];
  const metric = shelves.metric.get(settings.metric.id).label;
  return (
    <Card
      title="Samples"
      className="samples"
      about={
        card
          ? `Same noise, same classes in every row · ${settings.steps} steps · guidance ${settings.guidance}`
          : "Every schedule draws the same pictures, so that they can be compared"
      }
      tools={card && <span className="muted small">Click a class to compare in large</span>}
    >
      <div className="grid" style={{ "--columns": Math.max(1, labels.length) } as React.CSSProperties}>
        {card && (
          <div className="grid-head">
            <span />
            <div className="tiles">
              {labels.map((label, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a model with few classes shows a class twice
                <button key={column} type="button" className="class-name" onClick={() => setZoomed(column)}>
                  {className(card, label)}
                </button>
              ))}
            </div>
          </div>
        )}
        {rows.map((row) => (
          <SampleRow key={row.id} row={row} metric={metric} columns={labels.length} onZoom={setZoomed} />
        ))}
      </div>
      {card && zoomed !== undefined && (
        <ZoomDialog
          rows={rows.filter((row): row is GridRow & Drawn => row.sample?.grid !== undefined)}
          column={zoomed}
          name={className(card, labels[zoomed] ?? 0)}
          onColumn={(column) => setZoomed((column + labels.length) % labels.length)}
          onClose={() => setZoomed(undefined)}
        />
      )}
    </Card>
  );
}

type Drawn = { readonly sample: { readonly grid: NonNullable<NonNullable<GridRow["sample"]>["grid"]> } };
