// The overlay as numbers: every stage of every schedule.

import { percent, range } from "../../core/format.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { axes } from "./overlay-axis.ts";
import { type OverlayData, piecesOf } from "./schedule-overlay.tsx";

export function OverlayTable({ data: { rows, axis, axisId } }: { readonly data: OverlayData }) {
  return (
    <ScrollTable caption="Levels and sparsity of every stage">
      <thead>
        <tr>
          <th scope="col">Schedule</th>
          <th scope="col">Stage</th>
          <th scope="col">Timesteps</th>
          <th scope="col">{axes[axisId].label}</th>
          <th scope="col">Level</th>
          <th scope="col">Sparsity</th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap((row) =>
          piecesOf(row, axis).map(({ stage, from, to, level, share }) => {
            const timesteps = row.schedule?.division[stage];
            return (
              <tr key={`${row.id} ${stage}`}>
                <th scope="row">{row.look.label}</th>
                <td>{stage + 1}</td>
                <td>{timesteps ? range(timesteps.high, timesteps.low) : "all"}</td>
                <td>
                  {Number(from.toFixed(2))} … {Number(to.toFixed(2))}
                </td>
                <td>
                  {level} of {row.maxLevel}
                </td>
                <td>{percent(share)}</td>
              </tr>
            );
          }),
        )}
      </tbody>
    </ScrollTable>
  );
}
