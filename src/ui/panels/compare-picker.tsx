// Chooses the schedule of one place in the comparison, and makes room for one more.

import { MOST_SIDES } from "../../state/compare-slice.ts";
import { type SideId, selectComparands, selectOtherRuns } from "../../state/select-comparands.ts";
import { Icon } from "../parts/icon.tsx";
import { Select } from "../parts/select.tsx";
import { sideLook } from "../side-look.ts";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function SidePicker({ id, index }: { readonly id: SideId; readonly index: number }) {
  const setSide = useStudio((state) => state.setSide);
  const removeSide = useStudio((state) => state.removeSide);
  const count = useStudio((state) => state.compare.sides.length);
  const runs = useStudio((state) => state.session.runs);
  const options = useOptions();
  const { label, colour } = sideLook(id, runs);
  const known = [...options.now, ...options.stored].includes(id);
  return (
    <div className="side-picker">
      <i className="swatch" style={{ background: colour }} />
      <Select
        label={index === 0 ? "Reference" : `Schedule ${index + 1}`}
        why={why.side}
        value={id}
        onChange={(next) => void setSide(index, next as SideId)}
      >
        {!known && <option value={id}>{label}: not there yet</option>}
        <Options {...options} />
      </Select>
      {count > 2 && (
        <button
          type="button"
          className="button icon-only quiet"
          aria-label={`Remove ${label}`}
          onClick={() => removeSide(index)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

export function AddSide() {
  const sides = useStudio((state) => state.compare.sides);
  const addSide = useStudio((state) => state.addSide);
  const options = useOptions();
  const left = (ids: readonly SideId[]) => ids.filter((id) => !sides.includes(id));
  const [now, stored] = [left(options.now), left(options.stored)];
  if (sides.length >= MOST_SIDES || now.length + stored.length === 0) return null;
  return (
    <div className="add-side">
      <Select label="Add a schedule" why={why.addSide} value="" onChange={(id) => void addSide(id as SideId)}>
        <option value="">Add a schedule…</option>
        <Options now={now} stored={stored} />
      </Select>
    </div>
  );
}

interface SideOptions {
  readonly now: readonly SideId[];
  /** Winners of runs that are not shown. */
  readonly stored: readonly SideId[];
}

function useOptions(): SideOptions {
  const comparands = useStudio(selectComparands);
  const others = useStudio(selectOtherRuns);
  return {
    now: comparands.map(({ id }) => id).filter((id) => !id.startsWith("run ")),
    stored: others.map(({ run }) => `run ${run}` as const),
  };
}

function Options({ now, stored }: SideOptions) {
  const runs = useStudio((state) => state.session.runs);
  const option = (id: SideId) => (
    <option key={id} value={id}>
      {sideLook(id, runs).label}
    </option>
  );
  return (
    <>
      {now.map(option)}
      {stored.length > 0 && <optgroup label="Winners of stored runs">{stored.map(option)}</optgroup>}
    </>
  );
}
