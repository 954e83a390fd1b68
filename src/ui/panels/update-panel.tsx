// A newer version of the page, offered when nothing is under way that a reload would interrupt.

import { selectBusy } from "../../state/work-slice.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function UpdatePanel() {
  const update = useStudio((state) => state.update);
  const busy = useStudio(selectBusy);
  const takeUpdate = useStudio((state) => state.takeUpdate);
  if (!update || busy) return null;
  return (
    <section className="notice calm" role="status" aria-label="Update">
      <Icon name="redo" />
      <div>
        <h2>A new version is there</h2>
        <p>
          {update.blocked
            ? "The studio is open in another tab, perhaps with a run. Close that tab when it is done, then reload."
            : "Reload to use it. Runs, banks and settings stay."}
        </p>
      </div>
      <button type="button" className="button" onClick={() => void takeUpdate()}>
        Reload
      </button>
    </section>
  );
}
