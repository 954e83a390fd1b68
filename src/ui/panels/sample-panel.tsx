// The same noise and classes through every schedule: one row each, with what it costs and how close it stays to the
// dense pictures. Rows fill in as the search finds better schedules; a click compares one column in large.

import { COLUMNS, className, pictureLabels } from "../../state/labels.ts";
import { gridIds, selectGrid } from "../../state/selectors.ts";
import { shelves } from "../../state/settings.ts";
import { Card } from "../parts/card.tsx";
import { useStudio } from "../studio.tsx";
import { SampleRow } from "./sample-row.tsx";

export function SamplePanel() {
  const card = useStudio((state) => state.model.card);
  const rows = useStudio(selectGrid);
  const settings = useStudio((state) => state.run.request ?? state.settings);
  const openComparison = useStudio((state) => state.openComparison);
  // Blank while nothing is loaded, so that nothing moves once it is.
  const classes = card
    ? pictureLabels(card).map((label) => className(card, label))
    : Array.from({ length: COLUMNS }, () => "\u00a0");
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
      tools={card && <span className="muted small">Click a picture to compare it in large</span>}
    >
      <div className="grid" style={{ "--columns": COLUMNS } as React.CSSProperties}>
        <div className="grid-head" aria-hidden="true">
          <span />
          <div className="tiles">
            {classes.map((name, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a model with few classes shows a class twice
              <span key={column} className="class-name">
                {name}
              </span>
            ))}
          </div>
        </div>
        {rows.map((row) => (
          <SampleRow
            key={row.id}
            row={row}
            metric={metric}
            classes={classes}
            onCompare={(column) => openComparison(gridIds, column, settings)}
          />
        ))}
      </div>
    </Card>
  );
}
