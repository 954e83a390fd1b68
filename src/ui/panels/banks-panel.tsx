// Stored banks, the loaded model's first: what they hold and how much room they take. A bank leaves and comes back as
// files; removing one cannot be undone and asks again.

import { bytes, percent, plural } from "../../core/format.ts";
import type { BankCard } from "../../engine/api.ts";
import { type BankRow, selectBanks } from "../../state/selectors.ts";
import { shelves } from "../../state/settings.ts";
import { Card } from "../parts/card.tsx";
import { download } from "../parts/download.ts";
import { FileButton } from "../parts/file-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Meter } from "../parts/meter.tsx";
import { RemoveButton } from "../parts/remove-button.tsx";
import { useStudio } from "../studio.tsx";

export function BanksPanel() {
  const { rows } = useStudio(selectBanks);
  /** Banks may leave, but none may be removed or come in. */
  const searching = useStudio((state) => state.run.phase !== "idle");
  const busy = useStudio((state) => state.banks.work !== undefined);
  const done = useStudio((state) => state.banks.done);
  const ready = useStudio((state) => state.model.card !== undefined);
  const importBank = useStudio((state) => state.importBank);
  return (
    <Card
      title="Banks"
      className="banks"
      about={rows.length > 0 && <Room />}
      tools={
        <FileButton
          label="Import bank"
          accept=".safetensors,.json"
          multiple
          disabled={busy || searching || !ready}
          onFiles={(files) => void importBank(files.map((data) => ({ name: data.name, data })))}
        />
      }
    >
      {rows.length === 0 && <About />}
      <ul className="shelf">
        {rows.map((row) => (
          <Row key={row.card.id} row={row} busy={busy} searching={searching} />
        ))}
      </ul>
      {searching && <p className="muted small">To remove or import banks, wait until the search ends, or stop it.</p>}
      <Work />
      <p className="bank-done muted small" role="status">
        {done}
      </p>
    </Card>
  );
}

function About() {
  return (
    <p className="empty">
      A bank keeps what calibration found: how to prune every layer in each stage to any level. A search makes the banks
      that it lacks, and later searches use them again.
    </p>
  );
}

function Room() {
  const total = useStudio((state) => selectBanks(state).bytes);
  const free = useStudio((state) => state.session.status?.freeBytes);
  return (
    <span data-testid="bank-room">
      {bytes(total)} used{free === undefined ? "" : `, ${bytes(free)} free`}
    </span>
  );
}

function Row(props: { readonly row: BankRow; readonly busy: boolean; readonly searching: boolean }) {
  const { card, own } = props.row;
  const removeBank = useStudio((state) => state.removeBank);
  const exportBank = useStudio((state) => state.exportBank);
  const name = title(props.row);
  return (
    <li>
      <div className="bank-head">
        <strong>{name}</strong>
        <button
          type="button"
          className="button icon-only quiet"
          aria-label={`Export ${name}`}
          title={card.whole ? "Export as files" : "Only a whole bank can be exported"}
          disabled={props.busy || !card.whole}
          onClick={() => void exportBank(card.id, (file) => download(file.name, file.bytes))}
        >
          <Icon name="download" />
        </button>
        <RemoveButton name={name} disabled={props.busy || props.searching} onRemove={() => void removeBank(card.id)} />
      </div>
      <p className="muted small">
        {bytes(card.bytes)} · {plural(card.maxLevel, "level")} · {evidence(card)}
        {own ? "" : " · another model"}
      </p>
      {card.storage === "f16" && <p className="muted small">{precision(card)}</p>}
      {!card.whole && <p className="small">Unfinished, {percent(card.stored, 0)}: the same search makes the rest.</p>}
    </li>
  );
}

function Work() {
  const work = useStudio((state) => state.banks.work);
  const cancel = useStudio((state) => state.cancelBankWork);
  if (!work) return null;
  const { kind, progress } = work;
  const label = kind === "export" ? "Exporting the bank" : "Importing the bank";
  return (
    <div className="bank-work">
      <span className="small">{progress?.label ?? `${label}…`}</span>
      <button type="button" className="button" onClick={cancel}>
        Cancel
      </button>
      <Meter label={label} share={progress ? progress.done / Math.max(1, progress.total) : 0} />
    </div>
  );
}

function title({ card, mosaic }: BankRow): string {
  const { label } = shelves.pruner.get(card.pruner.id);
  return `${label}, ${mosaic ? "MosaicDiff’s 3 stages" : plural(card.division.length, "stage")}`;
}

function evidence({ items }: BankCard): string {
  return items === 0 ? "needs no calibration" : `${plural(items, "latent")} per stage`;
}

function precision({ storageError }: BankCard): string {
  if (!storageError) return "Half precision";
  const { max, rms } = storageError;
  return `Half precision: error up to ${percent(max, 3)}, RMS ${percent(rms, 3)}`;
}
