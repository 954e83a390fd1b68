// Stored runs of the loaded model, newest first: open one, or remove it. Removing cannot be undone and asks again.

import { plural } from "../format.ts";
import { Card } from "../parts/card.tsx";
import { OpenRunButton } from "../parts/open-run-button.tsx";
import { RemoveButton } from "../parts/remove-button.tsx";
import { runSeed, runTitle } from "../run-title.ts";
import { useStudio } from "../studio.tsx";

export function RunsPanel() {
  const all = useStudio((state) => state.session.runs);
  const model = useStudio((state) => state.model.card?.id);
  const shown = useStudio((state) => state.run.id);
  const disabled = useStudio((state) => state.run.phase !== "idle");
  const open = useStudio((state) => state.open);
  const openElsewhere = useStudio((state) => state.openElsewhere);
  const remove = useStudio((state) => state.remove);
  const goTo = useStudio((state) => state.goTo);
  const runs = all.filter((card) => card.model === model);
  const others = all.length - runs.length;
  return (
    <Card
      title="Stored runs"
      about={runs.length > 0 && plural(runs.length, "search")}
      tools={<OpenRunButton disabled={disabled} onFolder={(folder) => void openElsewhere(folder)} />}
    >
      {runs.length === 0 && <p className="empty">Every search is kept here, finished or not, until you remove it.</p>}
      <ul className="shelf">
        {[...runs].reverse().map((card) => (
          <li key={card.run} className="run-row" aria-current={card.run === shown}>
            <button
              type="button"
              className="run"
              disabled={disabled}
              onClick={() => {
                void open(card.run);
                goTo("search");
              }}
            >
              <span>{runTitle(card)}</span>
              <span className="muted small">
                {runSeed(card)} · {card.finished ? "finished" : `${plural(card.generation, "generation")} so far`}
              </span>
            </button>
            <RemoveButton name={runTitle(card)} disabled={disabled} onRemove={() => void remove(card.run)} />
          </li>
        ))}
      </ul>
      {others > 0 && (
        <p className="muted small">{plural(others, "run")} of other models: load the model to see them.</p>
      )}
    </Card>
  );
}
