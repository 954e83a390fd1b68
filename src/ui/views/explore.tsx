// A schedule by hand, and what becomes of the pictures.

import "../explore.css";
import { EditorPanel } from "../panels/editor-panel.tsx";
import { SketchPanel } from "../panels/sketch-panel.tsx";

export function ExploreView() {
  return (
    <>
      <EditorPanel />
      <SketchPanel />
    </>
  );
}
