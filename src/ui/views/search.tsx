// The search: what it found, the pictures that it is judged by, how it came there, and what the stages can bear.

import { CandidatesPanel } from "../panels/candidates-panel.tsx";
import { CoursePanel } from "../panels/course-panel.tsx";
import { ElsewherePanel } from "../panels/elsewhere-panel.tsx";
import { ElsewherePictures } from "../panels/elsewhere-pictures.tsx";
import { FitnessPanel } from "../panels/fitness-panel.tsx";
import { GenealogyPanel } from "../panels/genealogy-panel.tsx";
import { ResultPanel } from "../panels/result-panel.tsx";
import { SamplePanel } from "../panels/sample-panel.tsx";
import { SchedulePanel } from "../panels/schedule-panel.tsx";
import { SensitivityPanel } from "../panels/sensitivity-panel.tsx";
import { SweepPanel } from "../panels/sweep-panel.tsx";
import { useStudio } from "../studio.tsx";
import "../search.css";

export function SearchView() {
  const elsewhere = useStudio((state) => state.run.elsewhere);
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
      <CoursePanel />
      <GenealogyPanel />
      <CandidatesPanel />
      <SensitivityPanel />
      <SweepPanel />
    </>
  );
}
