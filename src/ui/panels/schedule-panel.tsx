// The search as it happens and the schedules it is compared with, on one axis of stages.

import { useState } from "react";
import { selectAllRows } from "../../state/selectors.ts";
import { charts } from "../charts/index.ts";
import { LevelLegend } from "../charts/schedule-heatmap.tsx";
import { ScheduleTable } from "../charts/schedule-table.tsx";
import { Card } from "../parts/card.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useStudio } from "../studio.tsx";

const views = [
  { id: "best", label: "Best" },
  { id: "population", label: "Population" },
  { id: "table", label: "Table" },
] as const;
type View = (typeof views)[number]["id"];

export function SchedulePanel() {
  const [view, setView] = useState<View>("best");
  const { title, empty, select, Component } = charts["schedule-heatmap"];
  const strip = charts["schedule-strip"];
  const data = useStudio(view === "population" ? selectAllRows : select);
  const compared = useStudio(strip.select);
  return (
    <Card
      title={title}
      className="schedules"
      about={view === "population" ? "Every schedule of every generation" : charts["schedule-heatmap"].about}
      tools={data && <Segmented legend="Show" value={view} choices={views} onChange={setView} />}
    >
      {!data || !compared ? (
        <div className="empty">
          <strong>{empty}</strong>
          <span>Columns are stages of the denoising, from noise to picture; colour is how much is removed.</span>
        </div>
      ) : view === "table" ? (
        <ScheduleTable data={data} />
      ) : (
        <>
          <LevelLegend maxLevel={data.maxLevel} />
          <Component data={data} />
          {compared.rows.length > 0 && <h3 className="strip-title">{strip.title}</h3>}
          <strip.Component data={compared} />
        </>
      )}
    </Card>
  );
}
