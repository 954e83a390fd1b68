// The one thing to do next: search, continue, pause or stop; before a start, how long it will take.

import { about, bytes, count } from "../../core/format.ts";
import { selectProblem, selectUnfinished } from "../../state/selectors.ts";
import { selectBusy } from "../../state/work-slice.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function LaunchPanel() {
  const phase = useStudio((state) => state.run.phase);
  return (
    <div className="launch" data-tour="search">
      {phase === "idle" ? <Ready /> : <Running />}
    </div>
  );
}

function Ready() {
  const problem = useStudio(selectProblem);
  const loading = useStudio((state) => state.model.loading !== undefined);
  const busy = useStudio(selectBusy);
  const search = useStudio((state) => state.search);
  const goOn = useStudio((state) => state.goOn);
  const settings = useStudio((state) => state.settings);
  const request = useStudio((state) => state.run.request);
  const unfinished = useStudio(selectUnfinished) && JSON.stringify(request) === JSON.stringify(settings);
  return (
    <>
      {problem && !loading ? <p className="launch-problem">{problem}</p> : <EstimateLine />}
      <button
        type="button"
        className="button primary large"
        disabled={problem !== undefined || loading || busy}
        onClick={() => void (unfinished ? goOn() : search())}
      >
        <Icon name="play" />
        {unfinished ? "Continue search" : "Search"}
      </button>
    </>
  );
}

function EstimateLine() {
  const estimate = useStudio((state) => state.estimate);
  const free = useStudio((state) => state.session.status?.freeBytes);
  if (!estimate)
    return (
      <dl className="estimate">
        <dt>Estimated time</dt>
        <dd>measuring…</dd>
      </dl>
    );
  const { calibrate, search, evaluations, bankBytes, missingBytes } = estimate;
  const full = free !== undefined && missingBytes > free;
  return (
    <>
      <dl className="estimate">
        <dt>Estimated time</dt>
        <dd data-testid="estimate">{about(calibrate + search)}</dd>
      </dl>
      <p className={full ? "launch-problem" : "muted small"}>
        {count(evaluations)} schedules · {bytes(bankBytes)} of pruned weights
        {full ? `: ${bytes(missingBytes)} are still to be stored, but the browser reports ${bytes(free)} free` : ""}
      </p>
    </>
  );
}

function Running() {
  const phase = useStudio((state) => state.run.phase);
  const pause = useStudio((state) => state.pause);
  const resume = useStudio((state) => state.resume);
  const stop = useStudio((state) => state.stop);
  const paused = phase === "paused";
  return (
    <div className="row">
      <button
        type="button"
        className={`button large grow ${paused ? "primary" : ""}`}
        disabled={phase === "stopping"}
        onClick={() => void (paused ? resume() : pause())}
      >
        <Icon name={paused ? "play" : "pause"} />
        {paused ? "Continue" : "Pause"}
      </button>
      <button type="button" className="button large" disabled={phase === "stopping"} onClick={stop}>
        <Icon name="stop" />
        {phase === "stopping" ? "Stopping…" : "Stop"}
      </button>
    </div>
  );
}
