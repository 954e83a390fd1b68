// How far work is that runs beside the search, in the panel that began it, and the button that ends it.

import { duration } from "../../core/format.ts";
import { Meter } from "../parts/meter.tsx";
import { useStudio } from "../studio.tsx";
import { ComfortsPanel } from "./comforts-panel.tsx";

/** @param label what is done, for those who hear the page */
export function WorkLine({ label }: { readonly label: string }) {
  const work = useStudio((state) => state.work);
  const cancel = useStudio((state) => state.cancelWork);
  if (!work) return null;
  const { progress, stopping } = work;
  return (
    <div className="card-foot work-line">
      <span role="status">{stopping ? "Stopping…" : (progress?.label ?? "Preparing…")}</span>
      <span className="muted">{progress?.left === undefined || stopping ? "" : `${duration(progress.left)} left`}</span>
      <button type="button" className="button" disabled={stopping} onClick={cancel}>
        Cancel
      </button>
      <Meter label={label} share={progress ? progress.done / Math.max(1, progress.total) : 0} />
      <ComfortsPanel />
    </div>
  );
}
