// What each stage can bear: measured on request, because it takes as long as a small search. From the table follows what
// every budget should do, if stages did not interact.

import { useState } from "react";
import { about, macs, percent, plural, score } from "../../core/format.ts";
import { tableOptions } from "../../searchers/parts/options.ts";
import { sensitivityFile } from "../../state/exports.ts";
import { type SensitivityMap, selectSensitivity, selectSensitivityCost } from "../../state/select-sensitivity.ts";
import { selectProblem } from "../../state/selectors.ts";
import { shelves } from "../../state/settings.ts";
import { selectBusy } from "../../state/work-slice.ts";
import { charts } from "../charts/index.ts";
import { LevelCells } from "../charts/level-cells.tsx";
import { LossLegend } from "../charts/sensitivity-map.tsx";
import { SensitivityTable } from "../charts/sensitivity-table.tsx";
import { Card } from "../parts/card.tsx";
import { download } from "../parts/download.ts";
import { NumberField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Help } from "../parts/popover.tsx";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";
import { WorkLine } from "./work-line.tsx";

const views = [
  { id: "map", label: "Map" },
  { id: "table", label: "Table" },
] as const;

export function SensitivityPanel() {
  const { title, about: line, empty, select, Component } = charts["sensitivity-map"];
  const data = useStudio(select);
  const result = useStudio((state) => state.sensitivity.result);
  const [view, setView] = useState<"map" | "table">("map");
  return (
    <Card
      title={title}
      about={line}
      className="sensitivity"
      tools={
        data && (
          <>
            {result && (
              <button
                type="button"
                className="button"
                onClick={() => download("sensitivity.csv", sensitivityFile(result), "text/csv")}
              >
                <Icon name="download" />
                CSV
              </button>
            )}
            <Segmented legend="Show losses as" why={why.asTable} value={view} choices={views} onChange={setView} />
          </>
        )
      }
    >
      {!data ? (
        <div className="empty">
          <strong>{empty}</strong>
          <span>It holds for every budget, and what it scores no search scores again.</span>
        </div>
      ) : view === "table" ? (
        <SensitivityTable data={data} />
      ) : (
        <>
          <LossLegend data={data} />
          <Component data={data} />
        </>
      )}
      {data && <p className="card-note muted small">{scored(data)}</p>}
      {data && data.predictions.length > 0 && <Predictions data={data} />}
      <Measure />
    </Card>
  );
}

function scored({ request }: SensitivityMap): string {
  const metric = shelves.metric.get(request.metric.id).label;
  return `${metric} on ${plural(request.probes, "picture")}, dense minus pruned. Numbers are measured, what lies between is read off a monotone curve.`;
}

function Predictions({ data }: { readonly data: SensitivityMap }) {
  const target = useStudio((state) => state.settings.target);
  return (
    <section aria-label="Predicted schedules">
      <h3 className="strip-title">
        Best of the sum{" "}
        <Help about="the predicted schedules">
          For a budget B the levels ℓ that make Σₛ L(s, ℓₛ) least under Σₛ ℓₛ = B, by dynamic programming: exact for the
          table. L(s, ℓ) is the fitness of the dense model minus that of pruning stage s alone to level ℓ. Stages
          interact, so a search finds others; the searcher “sensitivity” starts here. Stages, levels and budget are
          those of Diff-ES §3.1–3.2, the table is ours.
        </Help>
      </h3>
      <ScrollTable caption="The schedule of each budget that loses least by the table">
        <thead>
          <tr>
            <th scope="col">Target</th>
            <th scope="col">Sparsity</th>
            <th scope="col">Cost</th>
            <th scope="col">Loss</th>
            <th scope="col" className="start">
              Levels
            </th>
          </tr>
        </thead>
        <tbody>
          {data.predictions.map((found) => (
            <tr key={found.target} aria-current={found.target === target}>
              <th scope="row">{percent(found.target)}</th>
              <td>{percent(found.sparsity)}</td>
              <td>{macs(found.macs)}</td>
              <td>{score(found.loss)}</td>
              <td className="start">
                <LevelCells levels={found.levels} maxLevel={data.maxLevel} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </section>
  );
}

/** What measuring takes, and the button; while it runs, how far it is. */
function Measure() {
  const work = useStudio((state) => state.work);
  const busy = useStudio(selectBusy);
  const problem = useStudio(selectProblem);
  const cost = useStudio(selectSensitivityCost);
  const map = useStudio(selectSensitivity);
  const whole = useStudio((state) => state.sensitivity.result !== undefined);
  const spacing = useStudio((state) => state.sensitivity.spacing);
  const setSpacing = useStudio((state) => state.setSpacing);
  const measure = useStudio((state) => state.measureSensitivity);
  if (work?.kind === "sensitivity") return <WorkLine label="Measuring sensitivity" />;
  const current = map && whole && !map.stale && map.request.levels === spacing;
  return (
    <div className="card-foot">
      <NumberField option={tableOptions.levels} value={spacing} disabled={busy} onChange={setSpacing} />
      <button
        type="button"
        className="button"
        disabled={busy || problem !== undefined || current}
        onClick={() => void measure()}
      >
        <Icon name="play" />
        {current ? "Measured" : map?.stale ? "Measure with these settings" : "Measure"}
      </button>
      <p className="muted small">
        {problem ??
          (current || !cost
            ? ""
            : `${plural(cost.schedules, "schedule")}${cost.time === undefined ? "" : `, ${about(cost.time)}`}; less for what was scored before.`)}
        {map?.stale && whole && " The map is of other settings."}
      </p>
    </div>
  );
}
