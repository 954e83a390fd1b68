// One schedule's row of the sample grid: name, numbers, pictures, or what will stand here.

import { factor, macs, milliseconds, percent, score } from "../../core/format.ts";
import type { GridRow } from "../../state/selectors.ts";
import { Picture } from "../parts/picture.tsx";
import { looks } from "../theme.ts";

export function SampleRow(props: {
  readonly row: GridRow;
  /** Name of the fitness metric. */
  readonly metric: string;
  /** Name of each column's class. */
  readonly classes: readonly string[];
  readonly onCompare: (column: number) => void;
}) {
  const { row, metric, classes, onCompare } = props;
  const { label, help, colour } = looks[row.id];
  const grid = row.sample?.grid;
  const drawing = row.sample?.drawing;
  const busy = drawing ? drawingText(drawing) : row.stale ? "a better one waits to be drawn" : undefined;
  return (
    <section className="grid-row" aria-label={label} aria-busy={busy !== undefined} data-testid={`row-${row.id}`}>
      <div className="grid-label">
        <h3>
          <i className="swatch" style={{ background: colour }} />
          {label}
          {row.id === "mosaic" && <span className="badge">reconstructed</span>}
        </h3>
        {row.cost ? <Numbers row={row} metric={metric} /> : <p className="muted small">{help}</p>}
        {grid && busy && <p className="drawing">{busy}</p>}
      </div>
      <Tiles row={row} classes={classes} tabbable={row.id === "dense"} onCompare={onCompare} />
    </section>
  );
}

/** The pictures, or what will stand here. */
export function Tiles(props: {
  readonly row: GridRow;
  readonly classes: readonly string[];
  /** One row of the keyboard's way is enough: each opens the comparison of all rows. */
  readonly tabbable: boolean;
  readonly onCompare: (column: number) => void;
}) {
  const { row, classes, tabbable, onCompare } = props;
  const grid = row.sample?.grid;
  const drawing = row.sample?.drawing;
  if (!grid)
    return (
      <div className={drawing ? "tiles waiting" : "tiles blank"}>
        {Array.from({ length: classes.length }, (_, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blanks have no identity
          <span key={column} className="tile" />
        ))}
        {drawing && <span className="tiles-note">{drawingText(drawing)}</span>}
      </div>
    );
  return (
    <div className="tiles">
      {grid.pixels.map((pixels, column) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
          key={column}
          type="button"
          tabIndex={tabbable ? 0 : -1}
          className="tile"
          aria-label={`Compare ${classes[column]}`}
          onClick={() => onCompare(column)}
        >
          <Picture pixels={pixels} side={grid.side} alt={`${looks[row.id].label}, ${classes[column]}`} />
        </button>
      ))}
    </div>
  );
}

function drawingText({ done, total }: { readonly done: number; readonly total: number }): string {
  return `drawing, step ${done} of ${total}`;
}

function Numbers({ row, metric }: { readonly row: GridRow; readonly metric: string }) {
  const { id, cost, step, speedUp, fitness, heldOut } = row;
  if (!cost) return null;
  const saved = 1 - cost.macs / cost.denseMacs;
  return (
    <dl className="numbers">
      {id !== "dense" && fitness !== undefined && (
        <>
          <dt>{metric}</dt>
          <dd title="Similarity to the dense pictures: on held-out ones, and on the probes that the search compared">
            {heldOut === undefined ? (
              <strong>{score(fitness)}</strong>
            ) : (
              <>
                <strong>{score(heldOut)}</strong> held-out<em>{score(fitness)} probes</em>
              </>
            )}
          </dd>
        </>
      )}
      <dt>Cost</dt>
      <dd title="Multiply-accumulate operations of one picture, all steps, guidance not doubled">
        {macs(cost.macs)}
        {saved > 0 && <em>−{percent(saved, 0)}</em>}
      </dd>
      <dt>Step</dt>
      {step ? (
        <dd title={`Mean denoiser time of one step, ${step.batch} pictures at once`}>
          {milliseconds(step.time)}
          {speedUp !== undefined && <em className={speedUp < 1 ? "worse" : ""}>{factor(speedUp)}</em>}
        </dd>
      ) : (
        <dd className="muted">measured at the end</dd>
      )}
      {id === "dense" && (
        <>
          <dt>Sparsity</dt>
          <dd>0{"\u00a0"}%</dd>
        </>
      )}
    </dl>
  );
}
