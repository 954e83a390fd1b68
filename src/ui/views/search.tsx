// The search: what it found, the pictures that it is judged by, and how it came there.

import { FitnessPanel } from "../panels/fitness-panel.tsx";
import { ResultPanel } from "../panels/result-panel.tsx";
import { SamplePanel } from "../panels/sample-panel.tsx";
import { SchedulePanel } from "../panels/schedule-panel.tsx";

export function SearchView() {
  return (
    <>
      <ResultPanel />
      <SamplePanel />
      <div className="side-by-side">
        <SchedulePanel />
        <FitnessPanel />
      </div>
    </>
  );
}
