// The verbs that go beyond one search.

import type { StudyVerbs } from "./api.ts";
import type { DeviceGate } from "./device-gate.ts";
import type { Pipeline } from "./pipeline.ts";
import type { SearchTools } from "./search.ts";
import { measureSensitivity } from "./sensitivity.ts";

/** @param loaded the model's pipeline. @throws missing-data when none is loaded */
export function studyVerbs(tools: SearchTools, gate: DeviceGate, loaded: () => Pipeline): StudyVerbs {
  return {
    sensitivity: (request, on, signal) =>
      gate.verb("sensitivity", () => measureSensitivity(loaded(), request, tools, on, signal)),
  };
}
