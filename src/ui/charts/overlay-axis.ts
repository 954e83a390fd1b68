// Where the stages of schedules lie on an axis that schedules of any division share: by timestep, by sampling step, or by how
// much signal there is.

import type { Timestep } from "../../core/tensor.ts";
import { stageOfSteps } from "../../core/timeline.ts";
import type { Division } from "../../engine/api.ts";

export const axes = {
  timestep: { label: "Timestep", unit: "t" },
  step: { label: "Step", unit: "sampling step" },
  "log-snr": { label: "log-SNR", unit: "log-SNR" },
} as const;
export type AxisId = keyof typeof axes;

export interface OverlayAxis {
  /** Where sampling begins and ends, in the axis's unit. */
  readonly from: number;
  readonly to: number;
  /** Of each stage where it begins and ends; undefined where no step visits it. */
  spans(division: Division): readonly (readonly [from: number, to: number] | undefined)[];
}

/**
 * @param timesteps visited, in sampling order
 * @param logSnr of every native timestep
 */
export function overlayAxis(id: AxisId, timesteps: readonly Timestep[], logSnr: readonly number[]): OverlayAxis {
  const total = logSnr.length;
  const last = (values: readonly number[]) => values[total - 1] as number;
  switch (id) {
    case "timestep":
      return { from: total, to: 0, spans: (division) => division.map(({ high, low }) => [high + 1, low]) };
    case "step":
      return {
        from: 0,
        to: timesteps.length,
        spans(division) {
          const stages = stageOfSteps(division, timesteps);
          return division.map((_, stage) => {
            const first = stages.indexOf(stage);
            return first < 0 ? undefined : [first, stages.lastIndexOf(stage) + 1];
          });
        },
      };
    case "log-snr":
      return {
        from: last(logSnr),
        to: logSnr[0] as number,
        // a stage ends where the next begins
        spans: (division) =>
          division.map(({ high, low }) => [logSnr[high] as number, logSnr[Math.max(0, low - 1)] as number]),
      };
  }
}
