// Quality against cost: one action searches several budgets, each starting from the winners before it.

import { useState } from "react";
import { about, plural } from "../../core/format.ts";
import { frontFile } from "../../state/exports.ts";
import { parseTargets, selectSweepTime } from "../../state/select-front.ts";
import { selectPlan, selectProblem } from "../../state/selectors.ts";
import { shelves } from "../../state/settings.ts";
import { selectBusy } from "../../state/work-slice.ts";
import { FrontTable } from "../charts/front-table.tsx";
import { charts } from "../charts/index.ts";
import { Card } from "../parts/card.tsx";
import { download } from "../parts/download.ts";
import { TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";
import { WorkLine } from "./work-line.tsx";

export function SweepPanel() {
  const { title, about: line, empty, select, Component } = charts.front;
  const data = useStudio(select);
  const work = useStudio((state) => state.work);
  const busy = useStudio(selectBusy);
  const open = useStudio((state) => state.open);
  const result = useStudio((state) => state.sweep.result);
  const maxLevel = useStudio(selectPlan)?.maxLevel;
  return (
    <Card
      title={title}
      about={
        data
          ? `${shelves.metric.get(data.request.metric.id).label} on ${plural(data.request.heldOut, "picture")} that no search saw, against cost`
          : line
      }
      className="sweep"
      tools={
        data &&
        result && (
          <button type="button" className="button" onClick={() => download("front.csv", frontFile(result), "text/csv")}>
            <Icon name="download" />
            CSV
          </button>
        )
      }
    >
      {data ? (
        <>
          <Component data={data} />
          <FrontTable data={data} maxLevel={maxLevel} disabled={busy} onOpen={(run) => void open(run)} />
          <p className="card-note muted small">
            Means with 95 % intervals; differences are searched minus baseline, paired by picture. † no difference
            found.
            {data.stale && " Searched with other settings than those at the side."}
          </p>
        </>
      ) : (
        <div className="empty">
          <strong>{empty}</strong>
          <span>
            Each budget is a search of its own, warm-started from the winners before it, and kept among the runs.
          </span>
        </div>
      )}
      {work?.kind === "sweep" ? <WorkLine label="Sweeping" /> : <Start busy={busy} />}
    </Card>
  );
}

function Start({ busy }: { readonly busy: boolean }) {
  const targets = useStudio((state) => state.sweep.targets);
  const setTargets = useStudio((state) => state.setTargets);
  const run = useStudio((state) => state.runSweep);
  const problem = useStudio(selectProblem);
  const time = useStudio(selectSweepTime);
  const [text, setText] = useState(() => targets.map((target) => Number((100 * target).toFixed(2))).join(", "));
  const wrong = parseTargets(text) === undefined;
  return (
    <div className="card-foot">
      <TextField
        label="Target sparsities"
        why={why.targets}
        value={text}
        problem={wrong ? "Percentages between 0 and 100, each once, such as 10, 20, 30." : undefined}
        unit="%"
        disabled={busy}
        onChange={(next) => {
          setText(next);
          const parsed = parseTargets(next);
          if (parsed) setTargets(parsed);
        }}
      />
      <button
        type="button"
        className="button"
        disabled={busy || wrong || problem !== undefined}
        onClick={() => void run()}
      >
        <Icon name="play" />
        Sweep
      </button>
      <p className="muted small">
        {problem ??
          `${targets.length === 1 ? "1 search" : `${targets.length} searches`}${time === undefined ? "" : `, ${about(time)}`}; finished ones are taken as they are.`}
      </p>
    </div>
  );
}
