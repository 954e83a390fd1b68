// All candidates of the run: sorted, filtered, and any of them drawn beside dense at a click.

import { useMemo, useState } from "react";
import { count, plural } from "../../core/format.ts";
import { allCandidates, arrange, levelPattern } from "../../state/candidates.ts";
import { type CandidateRow, selectCandidates } from "../../state/select-candidates.ts";
import { CandidateTable } from "../charts/candidate-table.tsx";
import { originLabel } from "../origin.ts";
import { Card } from "../parts/card.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";
import { PickedCandidate } from "./picked-candidate.tsx";

const ANY = "any";
const none: readonly CandidateRow[] = [];

export function CandidatesPanel() {
  const list = useStudio(selectCandidates);
  const picked = useStudio((state) => state.picked?.levels.join());
  const pick = useStudio((state) => state.pick);
  const [query, setQuery] = useState(allCandidates);
  const rows = list?.rows ?? none;
  const arranged = useMemo(() => arrange(rows, query), [rows, query]);
  const origins = [ANY, ...(list?.origins ?? [])];
  return (
    <Card
      title="Candidates"
      className="candidate-list"
      about={
        arranged.length < rows.length
          ? `${count(arranged.length)} of ${plural(rows.length, "schedule")}`
          : "Every schedule that was scored"
      }
    >
      {!list ? (
        <div className="empty">
          <strong>Every schedule that a search scores, with its origin; a click draws its pictures.</strong>
          <span>Press Search, or open a run.</span>
        </div>
      ) : (
        <>
          <div className="card-filter">
            <SelectField
              label="Origin"
              why={why.origin}
              value={query.origin ?? ANY}
              choices={origins.map((kind) => ({ id: kind, label: kind === ANY ? "Any" : originLabel(kind) }))}
              onChange={(kind) => setQuery({ ...query, origin: kind === ANY ? undefined : kind })}
            />
            <TextField
              label="Levels"
              why={why.levelFilter}
              value={query.levels}
              problem={levelPattern(query.levels) ? undefined : "Numbers and _ only, such as 10 9 _ 6."}
              placeholder="10 9 _ 6"
              onChange={(levels) => setQuery({ ...query, levels })}
            />
          </div>
          <CandidateTable
            rows={arranged}
            maxLevel={list.maxLevel}
            sorting={query}
            picked={picked}
            onSort={(sorting) => setQuery({ ...query, ...sorting })}
            onPick={({ levels }) => pick(levels)}
          />
          <PickedCandidate />
        </>
      )}
    </Card>
  );
}
