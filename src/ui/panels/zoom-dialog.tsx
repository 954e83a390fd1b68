// One picture of every schedule side by side in large. Holding Space shows the dense picture in every place, which
// tells small differences better than looking back and forth; below, the difference itself, amplified.

import { type KeyboardEvent, useMemo, useState } from "react";
import type { SampleGrid } from "../../engine/api.ts";
import type { GridRow } from "../../state/selectors.ts";
import { macs } from "../format.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { differencePixels, Picture } from "../parts/picture.tsx";
import { looks } from "../theme.ts";

const GAIN = 4;

/** What a row needs to be shown in large. */
export interface Drawn extends Pick<GridRow, "id" | "cost"> {
  readonly sample: { readonly grid: Pick<SampleGrid, "pixels" | "side"> };
}

export function isDrawn(row: GridRow): row is GridRow & Drawn {
  return row.sample?.grid !== undefined;
}

export function ZoomDialog(props: {
  readonly rows: readonly Drawn[];
  readonly column: number;
  /** Of the class. */
  readonly name: string;
  readonly onColumn: (column: number) => void;
  readonly onClose: () => void;
}) {
  const { rows, column, name, onColumn, onClose } = props;
  const [held, setHeld] = useState(false);
  const [sharp, setSharp] = useState(false);
  const dense = rows.find(({ id }) => id === "dense")?.sample.grid.pixels[column];

  function onKey(event: KeyboardEvent, down: boolean): void {
    if (event.key === " ") {
      event.preventDefault();
      setHeld(down);
    }
    if (down && event.key === "ArrowLeft") onColumn(column - 1);
    if (down && event.key === "ArrowRight") onColumn(column + 1);
  }

  return (
    <Dialog title={`Compare: ${name}`} className="zoom" onClose={onClose} onKey={onKey}>
      <div className="dialog-body">
        <div className={sharp ? "zoom-row sharp" : "zoom-row"}>
          {rows.map((row) => (
            <Column key={row.id} row={row} column={column} dense={dense} held={held} />
          ))}
        </div>
        <div className="zoom-tools">
          <button type="button" className="button" aria-label="Previous class" onClick={() => onColumn(column - 1)}>
            <Icon name="left" />
          </button>
          <button type="button" className="button" aria-label="Next class" onClick={() => onColumn(column + 1)}>
            <Icon name="right" />
          </button>
          <button
            type="button"
            className="button"
            aria-pressed={held}
            onPointerDown={() => setHeld(true)}
            onPointerUp={() => setHeld(false)}
            onPointerLeave={() => setHeld(false)}
          >
            Hold to see dense everywhere <kbd>Space</kbd>
          </button>
          <label className="field check">
            <input type="checkbox" checked={sharp} onChange={(event) => setSharp(event.target.checked)} />
            Show pixels
          </label>
        </div>
      </div>
    </Dialog>
  );
}

function Column(props: {
  readonly row: Drawn;
  readonly column: number;
  readonly dense: Uint8ClampedArray | undefined;
  readonly held: boolean;
}) {
  const { row, column, dense, held } = props;
  const { label, colour } = looks[row.id];
  const { pixels, side } = row.sample.grid;
  const own = pixels[column];
  const difference = useMemo(
    () => own && dense && row.id !== "dense" && differencePixels(own, dense, GAIN),
    [own, dense, row.id],
  );
  if (!own) return null;
  return (
    <figure>
      <figcaption>
        <i className="swatch" style={{ background: colour }} />
        {label}
        {row.cost && <span className="muted small">{macs(row.cost.macs)}</span>}
      </figcaption>
      <Picture pixels={held && dense ? dense : own} side={side} alt={`${label}, large`} />
      {difference ? (
        <Picture pixels={difference} side={side} alt={`${label}, difference to dense`} />
      ) : (
        <p className="zoom-note">Difference to dense, {GAIN} times amplified →</p>
      )}
    </figure>
  );
}
