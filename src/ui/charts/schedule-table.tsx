// The heatmap as numbers, for reading and copying.

import { range, score } from "../../core/format.ts";
import type { Heatmap } from "../../state/selectors.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";

export function ScheduleTable({ data }: { readonly data: Heatmap }) {
  const { rows, division, best } = data;
  return (
    <ScrollTable caption="Levels and fitness by generation">
      <thead>
        <tr>
          <th scope="col">Generation</th>
          <th scope="col">Fitness</th>
          {division.map(({ high, low }) => (
            <th key={high} scope="col">
              t {range(high, low)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={row.generation} aria-current={i === best}>
            <th scope="row">{row.generation + 1}</th>
            <td>{score(row.fitness)}</td>
            {row.levels.map((level, stage) => (
              <td key={division[stage]?.high}>{level}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
