// The sensitivity map as numbers, for reading and copying.

import { range, score } from "../../core/format.ts";
import type { SensitivityMap } from "../../state/select-sensitivity.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";

export function SensitivityTable({ data }: { readonly data: SensitivityMap }) {
  const { losses, division, maxLevel, optimum } = data;
  const levels = Array.from({ length: maxLevel }, (_, i) => i + 1);
  return (
    <ScrollTable caption="Loss of each stage alone, by level; in brackets what lies between measured levels">
      <thead>
        <tr>
          <th scope="col">Stage alone</th>
          {levels.map((level) => (
            <th key={level} scope="col">
              {level}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {division.map(({ high, low }, stage) => (
          <tr key={high}>
            <th scope="row">t {range(high, low)}</th>
            {levels.map((level) => {
              const cell = losses[stage]?.[level];
              const text = cell ? (cell.measured ? score(cell.loss) : `(${score(cell.loss)})`) : "";
              return (
                <td key={level} aria-current={optimum?.levels[stage] === level ? "true" : undefined}>
                  {text}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
