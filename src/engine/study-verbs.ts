// The verbs that go beyond one search.

import type { On, SearchEvent, SearchRequest, StudyVerbs } from "./api.ts";
import type { DeviceGate } from "./device-gate.ts";
import { plan } from "./experiment.ts";
import type { Pipeline } from "./pipeline.ts";
import { runId } from "./run-store.ts";
import { searchRun, tidily } from "./run-verbs.ts";
import type { SearchTools } from "./search.ts";
import { measureSensitivity } from "./sensitivity.ts";
import { runSweep } from "./sweep.ts";

/** @param loaded the model's pipeline. @throws missing-data when none is loaded */
export function studyVerbs(tools: SearchTools, gate: DeviceGate, loaded: () => Pipeline): Omit<StudyVerbs, "evaluate"> {
  return {
    sensitivity: (request, on, signal) =>
      gate.verb("sensitivity", () => {
        const pipeline = loaded();
        return tidily(pipeline, tools, () => measureSensitivity(pipeline, request, tools, on, signal));
      }),

    sweep: (request, on, signal) =>
      gate.verb("sweep", () => {
        const pipeline = loaded();
        const { model } = pipeline;
        const idOf = (request: SearchRequest) => runId(model.card.id, request);
        const searches = {
          check: (request: SearchRequest) => void plan(model, request),
          finished: (request: SearchRequest) => tools.runs.result(idOf(request)),
          search: (request: SearchRequest, on: On<SearchEvent>) =>
            searchRun(pipeline, { run: idOf(request), request, forks: [] }, tools, on, signal),
          now: tools.now,
        };
        return runSweep(request, searches, on, signal);
      }),
  };
}
