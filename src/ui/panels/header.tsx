// What the page is, its views, and the things it must always be able to say: which device runs and why, and how long
// data stays.

import { Tabs } from "radix-ui";
import { levelColour } from "../../core/colour-scales.ts";
import { viewIds } from "../../state/views.ts";
import { Icon } from "../parts/icon.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useStudio } from "../studio.tsx";
import { views } from "../views/index.ts";
import { why } from "../why.ts";
import { DeviceChip, StorageChip } from "./status-chips.tsx";

/** Levels of the bars in the mark: a schedule, as the page draws one. */
const MARK = [0.95, 0.75, 0.35, 0.1, 0.55] as const;

export function Header({ onHelp }: { readonly onHelp: () => void }) {
  const theme = useStudio((state) => state.session.theme);
  const setTheme = useStudio((state) => state.setTheme);
  return (
    <header className="header">
      <div className="brand">
        <svg viewBox="0 0 28 28" aria-hidden="true">
          {MARK.map((level, i) => (
            <rect
              key={level}
              x={1 + i * 5.4}
              y={26 - 24 * level}
              width="4.4"
              height={24 * level}
              rx="1"
              fill={levelColour(level)}
            />
          ))}
        </svg>
        <h1>
          Diff-ES<span> Studio</span>
        </h1>
        <p>Pruning schedules for diffusion transformers, found by search</p>
      </div>
      <Tabs.List className="tabs" aria-label="Views">
        {viewIds.map((id) => (
          <Tabs.Trigger key={id} value={id} className="tab">
            {views[id].label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <DeviceChip />
      <StorageChip />
      <Segmented
        legend="Colours"
        why={why.colours}
        value={theme}
        choices={[
          { id: "light", name: "Light", label: <Icon name="sun" /> },
          { id: "system", name: "As the system", label: <Icon name="system" /> },
          { id: "dark", name: "Dark", label: <Icon name="moon" /> },
        ]}
        onChange={setTheme}
      />
      <button type="button" className="button icon-only quiet" aria-label="Help" title="Help (?)" onClick={onHelp}>
        <Icon name="help" />
      </button>
    </header>
  );
}
