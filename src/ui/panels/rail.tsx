// The side of the page: model, settings, and at its foot the one thing to do next. On a phone the settings fold away and
// the foot stays at the bottom of the screen.

import { selectBusy } from "../../state/work-slice.ts";
import { useWide } from "../parts/use-wide.ts";
import { useStudio } from "../studio.tsx";
import { LaunchPanel } from "./launch-panel.tsx";
import { ModelPanel } from "./model-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

export function Rail() {
  const disabled = useStudio(selectBusy);
  const wide = useWide();
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
