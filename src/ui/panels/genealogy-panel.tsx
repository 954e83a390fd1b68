// How the winner came about, as a drawing or as a table.

import { useState } from "react";
import { plural } from "../../core/format.ts";
import { GenealogyTable } from "../charts/genealogy-table.tsx";
import { charts } from "../charts/index.ts";
import { originLabel } from "../origin.ts";
import { Card } from "../parts/card.tsx";
import { Help } from "../parts/popover.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

const views = [
  { id: "drawing", label: "Moves" },
  { id: "table", label: "Table" },
] as const;

export function GenealogyPanel() {
  const { title, about, empty, select, Component } = charts.genealogy;
  const data = useStudio(select);
  const finished = useStudio((state) => state.run.result !== undefined);
  const [view, setView] = useState<"drawing" | "table">("drawing");
  const founder = data?.chain[0]?.candidate;
  return (
    <Card
      title={title}
      about={
        !data || !founder
          ? about
          : `The ${finished ? "winner" : "fittest so far"} came from “${originLabel(founder.origin.kind)}” by ${plural(data.chain.length - 1, "step")}`
      }
      tools={
        <>
          <Help about="genealogy">
            A child is a copy of a survivor in which one stage gives ℓ levels to another: aᵢ − ℓ, aⱼ + ℓ. The sum of
            levels stays, so every ancestor has the winner’s budget (Diff-ES §3.2, level switch).
          </Help>
          {data && (
            <Segmented legend="Show ancestors as" why={why.asTable} value={view} choices={views} onChange={setView} />
          )}
        </>
      }
    >
      {!data ? (
        <div className="empty">
          <strong>{empty}</strong>
          <span>Press Search, or open a run.</span>
        </div>
      ) : view === "table" ? (
        <GenealogyTable data={data} />
      ) : (
        <Component data={data} />
      )}
    </Card>
  );
}
