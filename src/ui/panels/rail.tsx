// The side of the page: model, settings, stored runs, and at its foot the one thing to do next. On a phone the
// settings fold away and the foot stays at the bottom of the screen.

import { useEffect, useState } from "react";
import { useStudio } from "../studio.tsx";
import { LaunchPanel } from "./launch-panel.tsx";
import { ModelPanel } from "./model-panel.tsx";
import { RunsPanel } from "./runs-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

const WIDE = "(width >= 56rem)";

export function Rail() {
  const disabled = useStudio((state) => state.run.phase !== "idle");
  const [open, setOpen] = useState(() => window.matchMedia(WIDE).matches);
  useEffect(() => {
    const wide = window.matchMedia(WIDE);
    const follow = () => setOpen(wide.matches);
    wide.addEventListener("change", follow);
    return () => wide.removeEventListener("change", follow);
  }, []);
  return (
    <aside className="rail" aria-label="Settings">
      <div className="rail-scroll">
        <ModelPanel disabled={disabled} />
        <details className="rail-fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Settings</summary>
          <SettingsPanel disabled={disabled} />
          <RunsPanel disabled={disabled} />
        </details>
      </div>
      <LaunchPanel />
    </aside>
  );
}
