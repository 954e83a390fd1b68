// The answer: is the searched schedule better, by how much, and everything needed to repeat or use it.

import { useId } from "react";
import { count, duration, factor, percent, plural, signed } from "../../core/format.ts";
import type { SearchResult } from "../../engine/api.ts";
import { pageLink } from "../../report/link.ts";
import { headline, outcomeOf } from "../../report/verdict.ts";
import { referenceLevels, runFile } from "../../state/exports.ts";
import { speedUpOf } from "../../state/selectors.ts";
import { encodeSettings, shelves } from "../../state/settings.ts";
import { DifferencePlot } from "../parts/difference-plot.tsx";
import { download } from "../parts/download.ts";
import { Icon } from "../parts/icon.tsx";
import { Help } from "../parts/popover.tsx";
import { useCopy } from "../parts/use-copy.ts";
import { useStudio } from "../studio.tsx";
import { looks } from "../theme.ts";

const words = { better: "better", worse: "worse", open: "no difference found" } as const;

export function ResultPanel() {
  const result = useStudio((state) => state.run.result);
  const id = useId();
  if (!result) return null;
  const { verdict, request, comparisons, finalists } = result;
  const metric = shelves.metric.get(request.metric.id).label;
  const speedUp = result.device.software ? undefined : speedUpOf(comparisons, "searched");
  const cost = comparisons.find((comparison) => comparison.id === "searched")?.cost;
  const rows = [
    { id: "uniform", difference: verdict.againstUniform },
    { id: "mosaic", difference: verdict.againstMosaic },
  ] as const;
  const reach = Math.max(...rows.flatMap(({ difference: d }) => [d.low, d.high, d.mean].map(finite)), 1e-6);
  return (
    <section className={`card result ${verdict.better ? "better" : ""}`} aria-labelledby={id} data-testid="result">
      <div className="result-head">
        <h2 id={id}>{headline(verdict)}</h2>
        <p>
          {cost && `${percent(1 - cost.macs / cost.denseMacs, 0)} fewer operations than dense`}
          {speedUp !== undefined && `, ${factor(speedUp)} the speed at ${plural(cost?.batch ?? 0, "picture")}`}
          {speedUp !== undefined && speedUp < 1 && " (slower: pruning does not pay at this batch size)"}.
          {request.validation > 0 &&
            ` The best of ${plural(finalists.length, "finalist")} on ${plural(request.validation, "picture")}.`}{" "}
          Judged on {plural(request.heldOut, "picture")} that decided nothing.
        </p>
      </div>
      <dl className="differences">
        {rows.map(({ id: against, difference }) => (
          <div key={against}>
            <dt>
              <i className="swatch" style={{ background: looks[against].colour }} />
              against {looks[against].label}
            </dt>
            <dd>
              <DifferencePlot label={`Searched minus ${looks[against].label}`} difference={difference} reach={reach} />
              <span>
                <strong>{signed(difference.mean)}</strong> {metric}
                <span className="muted">
                  {" "}
                  · 95{"\u00a0"}% from {signed(difference.low)} to {signed(difference.high)} ·{" "}
                  {words[outcomeOf(difference)]}
                </span>
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="result-foot">
        <Facts result={result} />
        <Actions result={result} />
      </div>
    </section>
  );
}

function Facts({ result }: { readonly result: SearchResult }) {
  const { historyHash, request, device, elapsed, evaluations, space, model, raced } = result;
  const [copied, copy] = useCopy();
  return (
    <dl className="facts">
      <div>
        <dt>Searched</dt>
        <dd>
          {model.name}, {shelves.pruner.get(request.pruner.id).label}, {plural(request.stages, "stage")}
        </dd>
      </div>
      <div>
        <dt>Time</dt>
        <dd>
          {duration(elapsed)}, {count(evaluations)} schedules
        </dd>
      </div>
      {raced && (
        <div>
          <dt>Racing</dt>
          <dd>
            {plural(raced.stopped, "schedule")} stopped early,{" "}
            {percent(raced.samples.saved / (raced.samples.run + raced.samples.saved), 0)} of the probe pictures spared
          </dd>
        </div>
      )}
      <div>
        <dt>Sparsity</dt>
        <dd>
          {percent(space.sparsity)}, budget {space.budget}
        </dd>
      </div>
      {space.storageError && (
        <div>
          <dt>Bank</dt>
          <dd>
            half precision: errors up to {percent(space.storageError.max, 3)} of the largest value, RMS{" "}
            {percent(space.storageError.rms, 3)}
          </dd>
        </div>
      )}
      <div>
        <dt>Seed</dt>
        <dd>{request.seed}</dd>
      </div>
      <div>
        <dt>Device</dt>
        <dd>{device.name}</dd>
      </div>
      <div>
        <dt>History</dt>
        <dd>
          <button type="button" className="hash" title="Copy the whole hash" onClick={() => copy(historyHash)}>
            {historyHash.slice(0, 12)}…
            <Icon name={copied ? "check" : "copy"} />
          </button>{" "}
          <Help about="the history hash">
            SHA-256 of every schedule and score in order. On WASM the same seed gives the same hash on any machine.
          </Help>
        </dd>
      </div>
    </dl>
  );
}

function Actions({ result }: { readonly result: SearchResult }) {
  const [copiedLevels, copyLevels] = useCopy();
  const [copiedLink, copyLink] = useCopy();
  const levels = referenceLevels(result.best.levels);
  const adopt = useStudio((state) => state.adopt);
  const editLevels = useStudio((state) => state.editLevels);
  const other = useStudio(({ settings }) => encodeSettings(settings) !== encodeSettings(result.request));
  return (
    <div className="actions">
      <div className="row">
        <button type="button" className="button" onClick={() => download("levels_per_stage.json", levels)}>
          <Icon name="download" />
          levels_per_stage.json
        </button>
        <button
          type="button"
          className="button icon-only"
          aria-label="Copy levels_per_stage.json"
          onClick={() => copyLevels(levels)}
        >
          <Icon name={copiedLevels ? "check" : "copy"} />
        </button>
        <button
          type="button"
          className="button"
          onClick={() => download(`diff-es-${result.run}.json`, runFile(result))}
        >
          <Icon name="download" />
          Run
        </button>
        <button type="button" className="button" onClick={() => editLevels(result.best.levels)}>
          Edit by hand
        </button>
        <button
          type="button"
          className="button"
          onClick={() => copyLink(pageLink(window.location.href, result.request))}
        >
          <Icon name={copiedLink ? "check" : "link"} />
          {copiedLink ? "Copied" : "Link"}
        </button>
      </div>
      {other && (
        <button type="button" className="button quiet" onClick={() => adopt(result.request)}>
          Searched with other settings: use them again
        </button>
      )}
      <p className="muted small">Levels in reference numbering: its stage 0 is sampled last.</p>
    </div>
  );
}

function finite(value: number | null): number {
  return value !== null && Number.isFinite(value) ? Math.abs(value) : 0;
}
