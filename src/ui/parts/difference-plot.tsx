// A mean difference and its 95 % interval beside zero: whether the whole interval lies on one side is the verdict.

import { signed } from "../../core/format.ts";
import type { Difference } from "../../engine/api.ts";

const WIDTH = 240;
const HEIGHT = 28;
const PAD = 8;

export function DifferencePlot(props: {
  readonly label: string;
  readonly difference: Difference;
  /** Half of the axis, in units of the difference. */
  readonly reach: number;
}) {
  const { label, difference, reach } = props;
  const { mean, low, high } = difference;
  const x = (value: number) => WIDTH / 2 + clamp(value / reach) * (WIDTH / 2 - PAD);
  const middle = HEIGHT / 2;
  const bounded = Number.isFinite(low) && Number.isFinite(high) && low !== null && high !== null;
  return (
    <svg
      className={`difference ${low > 0 ? "better" : high < 0 ? "worse" : "open"}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}: ${signed(mean)}, 95 % interval ${signed(low)} to ${signed(high)}`}
    >
      <line className="difference-axis" x1={PAD} x2={WIDTH - PAD} y1={middle} y2={middle} />
      <line className="difference-zero" x1={WIDTH / 2} x2={WIDTH / 2} y1={2} y2={HEIGHT - 2} />
      {bounded && <line className="difference-interval" x1={x(low)} x2={x(high)} y1={middle} y2={middle} />}
      <circle cx={x(mean)} cy={middle} r={5} />
    </svg>
  );
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
