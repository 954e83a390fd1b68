// What is running, how far it is, how long it will take. Stays on screen while anything runs.

import { useEffect } from "react";
import type { Phase } from "../../engine/api.ts";
import { duration, percent } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { Meter } from "../parts/meter.tsx";
import { useStudio } from "../studio.tsx";

/** The way of a search, as a person sees it. */
const way: readonly { readonly label: string; readonly phases: readonly Phase[] }[] = [
  { label: "Calibrate and prune", phases: ["load", "calibrate", "factor"] },
  { label: "Baselines", phases: ["reference", "baseline"] },
  { label: "Search", phases: ["search"] },
  { label: "Compare", phases: ["validation", "held-out"] },
];
const TITLE = "Diff-ES Studio";

export function ProgressPanel() {
  const { phase, progress, space, generations } = useStudio((state) => state.run);
  const share = progress ? progress.done / Math.max(1, progress.total) : 0;
  const running = phase !== "idle";
  useEffect(() => {
    document.title = running ? `${percent(share, 0)} · ${TITLE}` : TITLE;
  }, [running, share]);
  if (!running || !progress) return null;

  const searching = progress.phase === "search" && space;
  const label = searching
    ? `Generation ${Math.min(generations.length + 1, space.generations)} of ${space.generations}`
    : progress.label;
  const now = way.findIndex(({ phases }) => phases.includes(progress.phase));
  const counted =
    progress.total > 1
      ? `${Math.floor(progress.done)} of ${progress.total}${searching ? " schedules" : ""}`
      : percent(share, 0);
  return (
    <section className="progress" aria-label="Progress">
      <div className="progress-line">
        <ol className="way">
          {way.map(({ label: name }, i) => (
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
    </section>
  );
}
