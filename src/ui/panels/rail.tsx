// The side of the page: model, settings, and at its foot the one thing to do next. On a phone the settings fold away and
// the foot stays at the bottom of the screen.

import { useSyncExternalStore } from "react";
import { selectBusy } from "../../state/work-slice.ts";
import { useStudio } from "../studio.tsx";
import { LaunchPanel } from "./launch-panel.tsx";
import { ModelPanel } from "./model-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

const WIDE = "(width >= 56rem)";

export function Rail() {
  const disabled = useStudio(selectBusy);
  const wide = useSyncExternalStore(followWidth, () => window.matchMedia(WIDE).matches);
  const settings = <SettingsPanel disabled={disabled} />;
  return (
    <aside className="rail" aria-label="Settings">
      <div className="rail-scroll">
        <ModelPanel disabled={disabled} />
        {wide ? (
          <div className="rail-fold">{settings}</div>
        ) : (
          <details className="rail-fold">
            <summary>Settings</summary>
            {settings}
          </details>
        )}
      </div>
      <LaunchPanel />
    </aside>
  );
}

function followWidth(changed: () => void): () => void {
  const wide = window.matchMedia(WIDE);
  wide.addEventListener("change", changed);
  return () => wide.removeEventListener("change", changed);
}
