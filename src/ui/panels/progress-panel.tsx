// What is running, how far it is, how long it will take. Stays on screen while anything runs.

import { lazy, Suspense } from "react";
import { duration, percent } from "../../core/format.ts";
import { searchWay } from "../../state/select-working.ts";
import { Icon } from "../parts/icon.tsx";
import { Meter } from "../parts/meter.tsx";
import { useStudio } from "../studio.tsx";

const ComfortsPanel = lazy(() =>
  import("./comforts-panel.tsx").then(({ ComfortsPanel }) => ({ default: ComfortsPanel })),
);

export function ProgressPanel() {
  const { phase, progress, space, generations } = useStudio((state) => state.run);
  const share = progress ? progress.done / Math.max(1, progress.total) : 0;
  if (phase === "idle" || !progress) return null;

  const searching = progress.phase === "search" && space;
  const label = searching
    ? `Generation ${Math.min(generations.length + 1, space.generations)} of ${space.generations}`
    : progress.label;
  const now = searchWay.findIndex(({ phases }) => phases.includes(progress.phase));
  const counted =
    progress.total > 1
      ? `${Math.floor(progress.done)} of ${progress.total}${searching ? " schedules" : ""}`
      : percent(share, 0);
  return (
    <section className="progress" aria-label="Progress">
      <div className="progress-line">
        <ol className="way">
          {searchWay.map(({ label: name }, i) => (
            <li
              key={name}
              className={i < now ? "done" : i === now ? "now" : ""}
              aria-current={i === now ? "step" : undefined}
            >
              {i < now && <Icon name="check" />}
              {name}
            </li>
          ))}
        </ol>
        <span role="status">{phase === "paused" ? "Paused" : phase === "stopping" ? "Stopping…" : label}</span>
        <span className="muted">{counted}</span>
        <span className="time-left">
          {progress.left === undefined || phase !== "running" ? "" : `${duration(progress.left)} left`}
        </span>
      </div>
      <Meter label={label} share={share} />
      <Suspense>
        <ComfortsPanel />
      </Suspense>
    </section>
  );
}
