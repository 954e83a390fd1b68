// Schedules beside each other: the same pictures in large, and where and how they differ.

import "../compare.css";
import { ComparePanel } from "../panels/compare-panel.tsx";
import { MatrixPanel } from "../panels/matrix-panel.tsx";
import { OverlayPanel } from "../panels/overlay-panel.tsx";
import { VotePanel } from "../panels/vote-panel.tsx";

export function CompareView() {
  return (
    <>
      <ComparePanel />
      <OverlayPanel />
      <MatrixPanel />
      <VotePanel />
    </>
  );
}
