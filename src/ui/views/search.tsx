// The search: what it found, the pictures that it is judged by, how it came there, and what the stages can bear.

import { lazy, Suspense, useDeferredValue } from "react";
import { ElsewherePanel } from "../panels/elsewhere-panel.tsx";
import { ElsewherePictures } from "../panels/elsewhere-pictures.tsx";
import { FitnessPanel } from "../panels/fitness-panel.tsx";
import { ResultPanel } from "../panels/result-panel.tsx";
import { SamplePanel } from "../panels/sample-panel.tsx";
import { SchedulePanel } from "../panels/schedule-panel.tsx";
import { useStudio } from "../studio.tsx";
import "../search.css";

/** Below what a visit sees first, and fetched after it. */
const SearchDetails = lazy(() =>
  import("../panels/search-details.tsx").then(({ SearchDetails }) => ({ default: SearchDetails })),
);

export function SearchView() {
  // Deferred, so that all of it is rendered in slices.
  const awaitsStored = useDeferredValue(useStudio((state) => state.awaitsStored));
  const elsewhere = useStudio((state) => state.run.elsewhere);
  if (awaitsStored) return null;
  return (
    <>
      <ElsewherePanel />
      <ResultPanel />
      {(!elsewhere || elsewhere.stored) && <SamplePanel />}
      {elsewhere && elsewhere.pictures.length > 0 && <ElsewherePictures rows={elsewhere.pictures} />}
      <div className="side-by-side">
        <SchedulePanel />
        <FitnessPanel />
      </div>
      <Suspense>
        <SearchDetails />
      </Suspense>
    </>
  );
}
