// The search as it happens and the schedules it is compared with, on one axis of stages.

import { useMemo, useState } from "react";
import { populationOf, selectAllRows } from "../../state/selectors.ts";
import { charts } from "../charts/index.ts";
import { LevelLegend } from "../charts/schedule-heatmap.tsx";
import { ScheduleTable } from "../charts/schedule-table.tsx";
import { Card } from "../parts/card.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Slider } from "../parts/slider.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

const views = [
  { id: "best", label: "Best", about: "The best schedule of every generation" },
  { id: "generation", label: "Generation", about: "The population of one generation" },
  { id: "all", label: "All", about: "Every schedule of every generation" },
  { id: "table", label: "Table", about: "The best schedule of every generation" },
] as const;
type View = (typeof views)[number]["id"];

export function SchedulePanel() {
  const [view, setView] = useState<View>("best");
  /** Undefined follows the search. */
  const [scrubbed, scrub] = useState<number>();
  const { title, empty, select, Component } = charts["schedule-heatmap"];
  const strip = charts["schedule-strip"];
  const every = view === "all" || view === "generation";
  const data = useStudio(every ? selectAllRows : select);
  const compared = useStudio(strip.select);
  const last = data?.rows.at(-1)?.generation ?? 0;
  const generation = Math.min(last, scrubbed ?? last);
  const shown = useMemo(
    () => (data && view === "generation" ? populationOf(data, generation) : data),
    [data, view, generation],
  );
  return (
    <Card
      title={title}
      className="schedules"
      tour="schedule"
      about={views.find(({ id }) => id === view)?.about}
      tools={data && <Segmented legend="Show" why={why.population} value={view} choices={views} onChange={setView} />}
    >
      {!shown || !compared ? (
        <div className="empty">
          <strong>{empty}</strong>
          <span>Columns are stages of the denoising, from noise to picture; colour is how much is removed.</span>
        </div>
      ) : view === "table" ? (
        <ScheduleTable data={shown} />
      ) : (
        <>
          {view === "generation" && <Scrubber generation={generation} last={last} onScrub={scrub} />}
          <LevelLegend maxLevel={shown.maxLevel} />
          <Component data={shown} />
          {compared.rows.length > 0 && <h3 className="strip-title">{strip.title}</h3>}
          <strip.Component data={compared} />
        </>
      )}
    </Card>
  );
}

/** Goes through the generations; at the last one it follows the search. */
function Scrubber(props: {
  readonly generation: number;
  readonly last: number;
  readonly onScrub: (generation: number | undefined) => void;
}) {
  const { generation, last, onScrub } = props;
  return (
    <Slider
      className="scrubber"
      label="Generation"
      why={why.generation}
      min={1}
      max={last + 1}
      value={generation + 1}
      disabled={last === 0}
      text={`${generation + 1} of ${last + 1}`}
      onChange={(shown) => onScrub(shown > last ? undefined : shown - 1)}
    />
  );
}
