// Schedules beside each other: the same pictures in large, and where and how they differ.

import "../compare.css";
import { ComparePanel } from "../panels/compare-panel.tsx";

export function CompareView() {
  return <ComparePanel />;
}
