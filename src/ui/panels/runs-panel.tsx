// Stored runs, newest last shown first: open one, or remove it.

import type { RunCard } from "../../engine/api.ts";
import { shelves } from "../../state/settings.ts";
import { percent } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function RunsPanel({ disabled }: { readonly disabled: boolean }) {
  const runs = useStudio((state) => state.session.runs);
  const shown = useStudio((state) => state.run.id);
  const open = useStudio((state) => state.open);
  const remove = useStudio((state) => state.remove);
  if (runs.length === 0) return null;
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
                seed {card.request.seed} · {card.finished ? "finished" : `${card.generation} generations so far`}
              </span>
            </button>
            <button
              type="button"
              className="button icon-only quiet"
              aria-label={`Remove ${title(card)}`}
              disabled={disabled}
              onClick={() => void remove(card.run)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function title({ request }: RunCard): string {
  const { label } = shelves.pruner.get(request.pruner.id);
  return `${label}, ${percent(request.target)}, ${request.stages} stages`;
}
