// How a search came to its result, and what the stages can bear.

import { CandidatesPanel } from "./candidates-panel.tsx";
import { CoursePanel } from "./course-panel.tsx";
import { EvaluationPanel } from "./evaluation-panel.tsx";
import { GenealogyPanel } from "./genealogy-panel.tsx";
import { SensitivityPanel } from "./sensitivity-panel.tsx";
import { SweepPanel } from "./sweep-panel.tsx";

export function SearchDetails() {
  return (
    <>
      <EvaluationPanel />
      <CoursePanel />
      <GenealogyPanel />
      <CandidatesPanel />
      <SensitivityPanel />
      <SweepPanel />
    </>
  );
}
