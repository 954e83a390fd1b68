// What this browser keeps: searches to open again, and banks that spare the next one its calibration.

import { BanksPanel } from "../panels/banks-panel.tsx";
import { RunsPanel } from "../panels/runs-panel.tsx";

export function LibraryView() {
  return (
    <div className="library">
      <RunsPanel />
      <BanksPanel />
    </div>
  );
}
