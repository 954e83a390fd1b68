// The schedules that are compared, one under the other on the same axis: height and colour are the level, width is
// the range of timesteps, so the area is what each spends.

import { inkOn, levelColour } from "../../core/colour-scales.ts";
import { percent, range } from "../../core/format.ts";
import type { Strip } from "../../state/selectors.ts";
import { looks } from "../theme.ts";
import { stageSpans } from "./stages.ts";

/** Bars higher than this carry their number inside. */
const INSIDE = 0.45;
/** Most stages whose bars carry a number. */
const NUMBERED = 24;

export function ScheduleStrip({ data }: { readonly data: Strip }) {
  const { rows, maxLevel } = data;
  return (
    <div className="strip">
      {rows.map(({ id, schedule }) => {
        const { division, levels } = schedule;
        const spans = stageSpans(division);
        const { label, colour } = looks[id];
        return (
          <figure key={id} data-testid={`strip-${id}`}>
            <figcaption style={{ color: colour }}>{label}</figcaption>
            <ul className="strip-bars" aria-label={`${label}: levels in sampling order`}>
              {levels.map((level, stage) => {
                const { left, width } = spans[stage] ?? { left: 0, width: 0 };
                const { high, low } = division[stage] ?? { high: 0, low: 0 };
                const share = level / maxLevel;
                const text = `t ${range(high, low)}: level ${level} of ${maxLevel}, ${percent(share)} removed`;
                const number =
                  share > INSIDE
                    ? { top: `${100 * (1 - share)}%`, color: inkOn(share) }
                    : { bottom: `${100 * share}%` };
                return (
                  <li key={high} title={text} style={{ left: `${100 * left}%`, width: `${100 * width}%` }}>
                    <i style={{ height: `${100 * share}%`, background: levelColour(share) }} />
                    {levels.length <= NUMBERED && <b style={number}>{level}</b>}
                    <span className="hidden">{text}</span>
                  </li>
                );
              })}
            </ul>
          </figure>
        );
      })}
    </div>
  );
}
