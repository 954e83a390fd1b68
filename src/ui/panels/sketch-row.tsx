// One schedule's pictures while it is edited: those that still are of the schedule before are faint.

import { percent, score } from "../../core/format.ts";
import type { SketchView } from "../../state/select-sketch.ts";
import { Picture } from "../parts/picture.tsx";
import { looks } from "../theme.ts";

export function SketchRow(props: {
  readonly row: SketchView;
  readonly classes: readonly string[];
  readonly onCompare: (column: number) => void;
}) {
  const { row, classes, onCompare } = props;
  const { id, pixels, side, fresh, drawing, scores } = row;
  const { label, help, colour } = looks[id];
  return (
    <section
      className="grid-row"
      aria-label={label}
      aria-busy={drawing !== undefined}
      data-testid={`sketch-${id}`}
      data-fresh={fresh}
    >
      <div className="grid-label">
        <h3>
          <i className="swatch" style={{ background: colour }} />
          {label}
        </h3>
        {scores ? (
          <dl className="numbers">
            <dt>{scores.metric}</dt>
            <dd title={scores.help}>{score(scores.value)}</dd>
            <dt>Latents</dt>
            <dd title="Squared difference of the final latents from the dense model’s, over the square of these">
              {percent(scores.latentError)} off
            </dd>
            <dt />
            <dd className="muted">on these pictures</dd>
          </dl>
        ) : (
          <p className="muted small">{help}</p>
        )}
        {drawing && (
          <p className="drawing">
            drawing, step {drawing.done} of {drawing.total}
          </p>
        )}
      </div>
      <div className={drawing && fresh === 0 && !pixels[0] ? "tiles waiting" : "tiles"}>
        {classes.map((name, column) => {
          const picture = pixels[column];
          return picture ? (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              key={column}
              type="button"
              // One row of the keyboard's way is enough: each opens the comparison of all rows.
              tabIndex={id === "dense" ? 0 : -1}
              className={column < fresh ? "tile" : "tile earlier"}
              aria-label={`Compare ${name}`}
              onClick={() => onCompare(column)}
            >
              <Picture pixels={picture} side={side} alt={`${label}, ${name}`} />
            </button>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: blanks have no identity
            <span key={column} className="tile" />
          );
        })}
      </div>
    </section>
  );
}
