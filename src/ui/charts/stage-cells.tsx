// One schedule as a row of cells on the axis of stages, for the eye: what it holds is told beside it.

import { inkOn, levelColour } from "../../core/colour-scales.ts";
import type { Level, StageIndex } from "../../core/tensor.ts";
import type { Span } from "./stages.ts";

/** Cells narrower than this carry no number, CSS pixels. */
const READABLE = 18;

export function StageCells(props: {
  readonly levels: readonly Level[];
  readonly maxLevel: Level;
  readonly spans: readonly Span[];
  /** Of the axis, CSS pixels; 0 while unknown. */
  readonly width: number;
  /** Stages that are outlined. */
  readonly marked?: readonly StageIndex[];
}) {
  const { levels, maxLevel, spans, width, marked = [] } = props;
  const numbered = width === 0 || Math.min(...spans.map((span) => span.width)) * width >= READABLE;
  return (
    <div className="stage-cells" aria-hidden="true">
      {spans.map((span, stage) => {
        const level = levels[stage] ?? 0;
        const share = level / maxLevel;
        return (
          <i
            key={span.left}
            className={marked.includes(stage) ? "marked" : ""}
            style={{
              insetInlineStart: `${100 * span.left}%`,
              inlineSize: `${100 * span.width}%`,
              background: levelColour(share),
              color: inkOn(share),
            }}
          >
            {numbered ? level : ""}
          </i>
        );
      })}
    </div>
  );
}
