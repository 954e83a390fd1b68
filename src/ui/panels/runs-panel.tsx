// Stored runs of the loaded model, newest first: open one, or remove it. Removing cannot be undone and asks again.

import { useState } from "react";
import type { RunCard } from "../../engine/api.ts";
import { shelves } from "../../state/settings.ts";
import { percent, plural } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function RunsPanel({ disabled }: { readonly disabled: boolean }) {
  const all = useStudio((state) => state.session.runs);
  const model = useStudio((state) => state.model.card?.id);
  const shown = useStudio((state) => state.run.id);
  const open = useStudio((state) => state.open);
  const runs = all.filter((card) => card.model === model);
  const others = all.length - runs.length;
  if (all.length === 0 || model === undefined) return null;
  return (
    <section className="rail-group" aria-label="Stored runs">
      <header>
        <h2>Stored runs</h2>
        <span className="badge">{runs.length}</span>
      </header>
      <ul className="runs">
        {[...runs].reverse().map((card) => (
          <li key={card.run} aria-current={card.run === shown}>
            <button type="button" className="run" disabled={disabled} onClick={() => void open(card.run)}>
              <span>{title(card)}</span>
              <span className="muted small">
                seed {card.request.seed} ·{" "}
                {card.finished ? "finished" : `${plural(card.generation, "generation")} so far`}
              </span>
            </button>
            <RemoveButton card={card} disabled={disabled} />
          </li>
        ))}
      </ul>
      {others > 0 && (
        <p className="muted small">{plural(others, "run")} of other models: load the model to see them.</p>
      )}
    </section>
  );
}

function RemoveButton({ card, disabled }: { readonly card: RunCard; readonly disabled: boolean }) {
  const remove = useStudio((state) => state.remove);
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      className={asked ? "button danger" : "button icon-only quiet"}
      aria-label={`${asked ? "Really remove" : "Remove"} ${title(card)}`}
      disabled={disabled}
      onBlur={() => setAsked(false)}
      onClick={() => (asked ? void remove(card.run) : setAsked(true))}
    >
      {asked ? "Remove?" : <Icon name="trash" />}
    </button>
  );
}

function title({ request }: RunCard): string {
  const { label } = shelves.pruner.get(request.pruner.id);
  return `${label}, ${percent(request.target)}, ${request.stages} stages`;
}
