// What the schedules of a run are worth on many pictures, judged as sets, on request: it takes a while.

import { about, plural, score } from "../../core/format.ts";
import type { SearchResult } from "../../engine/api.ts";
import { distributions } from "../../metrics/distribution/index.ts";
import { type EvaluatedSchedule, evaluatedPictures } from "../../state/evaluation-slice.ts";
import { selectBusy } from "../../state/work-slice.ts";
import { Card } from "../parts/card.tsx";
import { NumberField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { useStudio } from "../studio.tsx";
import { looks } from "../theme.ts";
import { WorkLine } from "./work-line.tsx";

export function EvaluationPanel() {
  const result = useStudio((state) => state.run.result);
  const shown = useStudio((state) => state.run.id);
  const { run, rows } = useStudio((state) => state.evaluation);
  const evaluating = useStudio((state) => state.work?.kind === "evaluation");
  if (!result || shown === undefined) return null;
  const known = run === shown ? rows : [];
  return (
    <Card title="Evaluation" about="The run’s schedules on many pictures, against real ones" className="evaluation">
      {known.length > 0 ? (
        <Readings rows={known} />
      ) : (
        !evaluating && (
          <div className="empty">
            <strong>FID, KID, Inception Score, precision, recall and class accuracy</strong>
            <span>
              What the model’s classifier sees in them, as the ADM evaluator judges. The command line says the same:
              evaluate --run.
            </span>
          </div>
        )
      )}
      {evaluating ? <WorkLine label="Evaluating" /> : <Start result={result} />}
    </Card>
  );
}

function Readings({ rows }: { readonly rows: readonly EvaluatedSchedule[] }) {
  const { ids } = distributions;
  const notes = new Set(
    rows.flatMap(({ result }) =>
      Object.values(result.metrics).flatMap((reading) =>
        "missing" in reading ? [reading.missing] : reading.warning ? [reading.warning] : [],
      ),
    ),
  );
  return (
    <>
      <ScrollTable caption="Metrics of whole sets of pictures, by schedule">
        <thead>
          <tr>
            <th scope="col" className="start">
              Schedule
            </th>
            {ids.map((id) => (
              <th key={id} scope="col" title={distributions.get(id).help}>
                {distributions.get(id).label} {distributions.get(id).direction === "lower" ? "↓" : "↑"}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, result: { metrics } }) => (
            <tr key={id} data-testid={`evaluated-${id}`}>
              <th scope="row" className="start" style={{ color: looks[id].colour }}>
                {looks[id].label}
              </th>
              {ids.map((metric) => {
                const reading = metrics[metric];
                return <td key={metric}>{score(reading && "value" in reading ? reading.value : Number.NaN)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className="card-note muted small">
        {plural(rows[0]?.result.pictures ?? 0, "picture")} of each, classes in turn, from the same noise.{" "}
        {[...notes].map((note) => `${note}.`).join(" ")}
      </p>
    </>
  );
}

function Start({ result }: { readonly result: SearchResult }) {
  const pictures = useStudio((state) => state.evaluation.pictures);
  const setEvaluated = useStudio((state) => state.setEvaluated);
  const evaluate = useStudio((state) => state.evaluateRun);
  const busy = useStudio(selectBusy);
  const own = useStudio((state) => state.model.card?.id === result.model.id);
  const steps = result.request.steps;
  const perPicture = result.comparisons.reduce((sum, { cost }) => sum + (cost.stepTime * steps) / cost.batch, 0);
  return (
    <div className="card-foot">
      <NumberField option={evaluatedPictures} value={pictures} disabled={busy} onChange={setEvaluated} />
      <button type="button" className="button" disabled={busy || !own} onClick={() => void evaluate()}>
        <Icon name="play" />
        Evaluate
      </button>
      <p className="muted small">
        {own
          ? result.device.software
            ? "Four schedules in turn."
            : `${plural(result.comparisons.length, "schedule")}, ${about(pictures * perPicture)}.`
          : `Load ${result.model.name}, which this run prunes.`}
      </p>
    </div>
  );
}
