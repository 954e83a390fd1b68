// The winner's ancestors as numbers, for reading and copying.

import { score, signed } from "../../core/format.ts";
import type { Genealogy } from "../../state/select-candidates.ts";
import { changesText, originLabel } from "../origin.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { LevelCells } from "./level-cells.tsx";

export function GenealogyTable({ data }: { readonly data: Genealogy }) {
  return (
    <ScrollTable caption="Ancestors of the winner, the founder first">
      <thead>
        <tr>
          <th scope="col">Generation</th>
          <th scope="col">Fitness</th>
          <th scope="col">Gain</th>
          <th scope="col" className="cells">
            Levels
          </th>
          <th scope="col" className="start">
            Origin and move
          </th>
        </tr>
      </thead>
      <tbody>
        {data.chain.map(({ candidate, changes, gain }) => (
          <tr key={candidate.key}>
            <th scope="row">{candidate.generation + 1}</th>
            <td>{score(candidate.fitness)}</td>
            <td>{gain === undefined ? "" : signed(gain)}</td>
            <td className="cells">
              <LevelCells levels={candidate.levels} maxLevel={data.space.maxLevel} />
            </td>
            <td className="start">
              {originLabel(candidate.origin.kind)} <span className="muted">{changesText(changes)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
