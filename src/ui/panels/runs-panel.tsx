// Stored runs of the loaded model, newest first, and the way to those that were made elsewhere.

import { bytes, plural } from "../../core/format.ts";
import { selectLibrary } from "../../state/select-library.ts";
import { Card } from "../parts/card.tsx";
import { OpenRunButton } from "../parts/open-run-button.tsx";
import { useStudio } from "../studio.tsx";
import { RunCard } from "./run-card.tsx";

export function RunsPanel() {
  const library = useStudio(selectLibrary);
  const disabled = useStudio((state) => state.run.phase !== "idle");
  const openElsewhere = useStudio((state) => state.openElsewhere);
  const { runs, others } = library;
  return (
    <Card
      title="Stored runs"
      className="runs"
      tour="runs"
      about={runs.length > 0 && `${plural(runs.length, "search", "searches")} · ${bytes(library.bytes)} used`}
      tools={<OpenRunButton disabled={disabled} onFolder={(folder) => void openElsewhere(folder)} />}
    >
      {runs.length === 0 && (
        <p className="empty">
          Every search is kept here, finished or not, until you remove it. A folder of the authors’ code or of the
          command line opens too: drop it, or press “Open run…”.
        </p>
      )}
      <ul className="run-cards">
        {runs.map((card) => (
          <RunCard key={card.run} card={card} />
        ))}
      </ul>
      {others > 0 && (
        <p className="muted small">{plural(others, "run")} of other models: load the model to see them.</p>
      )}
    </Card>
  );
}
