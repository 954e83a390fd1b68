// The candidate that was picked: what it is, and its pictures under those of the dense model.

import type { CSSProperties } from "react";
import { count, score } from "../../core/format.ts";
import { COLUMNS, className, pictureLabels } from "../../state/labels.ts";
import { selectPicked } from "../../state/select-candidates.ts";
import { selectGrid } from "../../state/selectors.ts";
import { LevelCells } from "../charts/level-cells.tsx";
import { moveText, originLabel } from "../origin.ts";
import { Icon } from "../parts/icon.tsx";
import { useCopy } from "../parts/use-copy.ts";
import { useStudio } from "../studio.tsx";
import { looks } from "../theme.ts";
import { Tiles } from "./sample-row.tsx";

export function PickedCandidate() {
  const picked = useStudio(selectPicked);
  const card = useStudio((state) => state.model.card);
  const maxLevel = useStudio((state) => state.run.space?.maxLevel ?? 1);
  const grid = useStudio(selectGrid);
  const request = useStudio((state) => state.run.request);
  const openComparison = useStudio((state) => state.openComparison);
  const unpick = useStudio((state) => state.unpick);
  const editLevels = useStudio((state) => state.editLevels);
  const [copied, copy] = useCopy();
  if (!picked || !card) return null;
  const { candidate, row } = picked;
  const classes = pictureLabels(card).map((label) => className(card, label));
  const dense = grid.find(({ id }) => id === "dense");
  const compare = (column: number) => request && openComparison(["dense", "candidate", "searched"], column, request);
  const move = moveText(candidate);
  return (
    <section
      className="picked"
      aria-label="Picked candidate"
      data-testid="picked"
      style={{ "--columns": COLUMNS } as CSSProperties}
    >
      <header>
        <div>
          <h3>
            Number {count(candidate.rank)}, born in generation {candidate.generation + 1}
          </h3>
          <p className="muted small">
            {originLabel(candidate.origin.kind)}
            {move && `: ${move}`} · fitness {score(candidate.fitness)}
          </p>
        </div>
        <LevelCells levels={candidate.levels} maxLevel={maxLevel} />
        <button type="button" className="button" onClick={() => editLevels(candidate.levels)}>
          Edit by hand
        </button>
        <button
          type="button"
          className="button"
          aria-label="Copy levels"
          onClick={() => copy(candidate.levels.join(", "))}
        >
          <Icon name={copied ? "check" : "copy"} />
          {copied ? "Copied" : "Levels"}
        </button>
        <button type="button" className="button icon-only quiet" aria-label="Close the candidate" onClick={unpick}>
          <Icon name="close" />
        </button>
      </header>
      {[dense, row].map(
        (shown) =>
          shown && (
            <div key={shown.id} className="picked-row">
              <span className="small">{looks[shown.id].label}</span>
              <Tiles row={shown} classes={classes} tabbable={shown.id === "candidate"} onCompare={compare} />
            </div>
          ),
      )}
    </section>
  );
}
