// The front as numbers, one row for each budget.

import { macs, percent, score, signed } from "../../core/format.ts";
import type { Difference, Interval, MethodPoint, SweepPoint } from "../../engine/api.ts";
import { type Front, frontIds } from "../../state/select-front.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { looks } from "../theme.ts";
import { LevelCells } from "./level-cells.tsx";

export function FrontTable(props: {
  readonly data: Front;
  /** Undefined while it is unknown. */
  readonly maxLevel: number | undefined;
  readonly disabled: boolean;
  readonly onOpen: (run: string) => void;
}) {
  const { data, maxLevel, disabled, onOpen } = props;
  return (
    <ScrollTable caption="Quality on held-out pictures, by budget and method">
      <thead>
        <tr>
          <th scope="col">Target</th>
          <th scope="col">Cost</th>
          {frontIds.map((id) => (
            <th key={id} scope="col">
              {looks[id].label}
            </th>
          ))}
          <th scope="col" className="cells">
            Searched levels
          </th>
          <th scope="col">against Uniform</th>
          <th scope="col" className="start">
            against MosaicDiff
          </th>
        </tr>
      </thead>
      <tbody>
        {data.points.map((point) => {
          const searched = methodOf(point, "searched");
          return (
            <tr key={point.target}>
              <th scope="row">
                <button
                  type="button"
                  className="button quiet"
                  disabled={disabled}
                  title="Open this search"
                  onClick={() => onOpen(point.run)}
                >
                  {percent(point.target)}
                </button>
              </th>
              <td>{searched && macs(searched.macs)}</td>
              {frontIds.map((id) => (
                <td key={id} className={id === "searched" && point.verdict.better ? "strong" : ""}>
                  {intervalText(methodOf(point, id)?.heldOut)}
                </td>
              ))}
              <td className="cells">
                {maxLevel !== undefined && searched?.schedule && (
                  <LevelCells levels={searched.schedule.levels} maxLevel={maxLevel} />
                )}
              </td>
              <td>{differenceText(point.verdict.againstUniform)}</td>
              <td className="start">{differenceText(point.verdict.againstMosaic)}</td>
            </tr>
          );
        })}
      </tbody>
    </ScrollTable>
  );
}

function methodOf({ methods }: SweepPoint, id: MethodPoint["id"]): MethodPoint | undefined {
  return methods.find((method) => method.id === id);
}

function intervalText(heldOut: Interval | undefined): string {
  return heldOut ? `${score(heldOut.mean)} ± ${score(heldOut.high - heldOut.mean)}` : "";
}

/** † where the interval holds no difference. */
function differenceText({ mean, low, high }: Difference): string {
  return `${signed(mean)} ± ${score(high - mean)}${low <= 0 && high >= 0 ? " †" : ""}`;
}
