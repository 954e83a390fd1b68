// The axis that heatmap and strip share: timesteps at the borders of stages, sampling steps inside them.

import type { Division } from "../../engine/api.ts";
import { stageSpans, stepsOfStage } from "./stages.ts";

/** CSS pixels that a label needs. */
const LABEL = 42;

export function StageAxis(props: {
  readonly division: Division;
  readonly stageOfStep: readonly number[];
  /** Of the axis, CSS pixels; 0 while unknown. */
  readonly width: number;
}) {
  const { division, stageOfStep, width } = props;
  const spans = stageSpans(division);
  const every = width > 0 ? Math.ceil((LABEL * division.length) / width) : 1;
  return (
    <div className="stage-axis" aria-hidden="true">
      <span className="axis-name">steps</span>
      <div className="axis-line">
        {spans.map(({ left, width: span }, stage) => (
          <span key={left} className="axis-inside" style={{ left: `${100 * left}%`, width: `${100 * span}%` }}>
            {stage % every === 0 ? stepsOfStage(stageOfStep, stage) : ""}
          </span>
        ))}
      </div>
      <span className="axis-name">timestep</span>
      <div className="axis-line">
        {spans.map(({ left }, stage) => (
          <span key={left} className="axis-border" style={{ left: `${100 * left}%` }}>
            {stage % every === 0 ? division[stage]?.high : ""}
          </span>
        ))}
        <span className="axis-border" style={{ left: "100%" }}>
          {division.at(-1)?.low}
        </span>
      </div>
      <span />
      <div className="axis-ends">
        <span>← noise, first</span>
        <span>picture, last →</span>
      </div>
    </div>
  );
}
