// Schedules over each other, of whatever divisions (Diff-ES, figure 4): sparsity along the sampling, and under it each as
// a strip of its levels (figure 5). One drawing, so that it leaves the page as one figure.

import type { RefObject } from "react";
import { inkOn, levelColour } from "../../core/colour-scales.ts";
import { percent, range } from "../../core/format.ts";
import type { Comparand } from "../../state/select-comparands.ts";
import type { ScheduleLook } from "../theme.ts";
import { type AxisId, axes, type OverlayAxis } from "./overlay-axis.ts";
import { roundTicks } from "./ticks.ts";
import { useSize } from "./use-size.ts";

export interface OverlayRow extends Comparand {
  readonly look: ScheduleLook;
}
export interface OverlayData {
  readonly rows: readonly OverlayRow[];
  readonly axisId: AxisId;
  readonly axis: OverlayAxis;
}

const PLOT = 200;
const PAD = { left: 52, right: 16, top: 14, bottom: 46 };
const STRIP = { height: 22, gap: 6 };
const FONT = 12;
/** Lines of equal sparsity stand a little apart, CSS pixels. */
const APART = 2;
/** Cells narrower than this carry no level, CSS pixels. */
const READABLE = 18;
const dashes = ["", "7 3", "2 3", "9 3 2 3"] as const;
const GRID = [0, 0.25, 0.5, 0.75, 1] as const;

/** @param fixed width where there is no page to measure */
export function ScheduleOverlay(props: {
  readonly data: OverlayData;
  readonly figure?: RefObject<SVGSVGElement | null>;
  readonly fixed?: number;
}) {
  const { rows, axis, axisId } = props.data;
  const [plot, size] = useSize();
  const width = props.fixed ?? size.width;
  const x = (value: number) =>
    PAD.left + ((value - axis.from) / (axis.to - axis.from)) * (width - PAD.left - PAD.right);
  const y = (share: number) => PAD.top + (1 - share) * (PLOT - PAD.top);
  const strips = PLOT + PAD.bottom;
  const height = strips + rows.length * (2 * FONT + STRIP.height) + 4;
  const low = Math.min(axis.from, axis.to);
  const high = Math.max(axis.from, axis.to);
  const ticks = roundTicks(low, high, width < 500 ? 4 : 8).filter((tick) => tick >= low && tick <= high);
  return (
    <div ref={plot} className="overlay" style={{ blockSize: height }}>
      {width > 0 && (
        <svg
          ref={props.figure}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`Sparsity by ${axes[axisId].unit} of ${rows.map(({ look }) => look.label).join(", ")}; the table below has the numbers`}
        >
          {GRID.map((share) => (
            <g key={share} className="overlay-grid">
              <line x1={PAD.left} x2={width - PAD.right} y1={y(share)} y2={y(share)} />
              <text x={PAD.left - 8} y={y(share) + 4} textAnchor="end">
                {percent(share)}
              </text>
            </g>
          ))}
          {ticks.map((tick) => (
            <text key={tick} x={x(tick)} y={PLOT + FONT + 4} textAnchor="middle">
              {Number(tick.toFixed(4))}
            </text>
          ))}
          <text x={width - PAD.right} y={PLOT + 2 * FONT + 10} textAnchor="end">
            {axes[axisId].unit}: noise on the left, picture on the right
          </text>
          {rows.map((row, index) => (
            <path
              key={row.id}
              className="overlay-line"
              style={{ stroke: row.look.colour }}
              strokeDasharray={dashes[index % dashes.length]}
              d={stepsPath(row, axis, x, (share) => y(share) + (index - (rows.length - 1) / 2) * APART)}
            />
          ))}
          {rows.map((row, index) => (
            <Strip
              key={row.id}
              row={row}
              axis={axis}
              x={x}
              top={strips + index * (2 * FONT + STRIP.height)}
              index={index}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

/** Of each stage: where it lies, and what is removed there. Dense is one stage that keeps everything. */
export function piecesOf({ schedule, maxLevel }: Comparand, axis: OverlayAxis) {
  if (!schedule) return [{ stage: 0, from: axis.from, to: axis.to, level: 0, share: 0 }];
  return axis.spans(schedule.division).flatMap((span, stage) => {
    const level = schedule.levels[stage] ?? 0;
    return span ? [{ stage, from: span[0], to: span[1], level, share: level / maxLevel }] : [];
  });
}

function stepsPath(
  row: Comparand,
  axis: OverlayAxis,
  x: (value: number) => number,
  y: (share: number) => number,
): string {
  const pieces = piecesOf(row, axis);
  return pieces.map(({ from, to, share }, i) => `${i === 0 ? "M" : "L"}${x(from)} ${y(share)}H${x(to)}`).join("");
}

function Strip(props: {
  readonly row: OverlayRow;
  readonly axis: OverlayAxis;
  readonly x: (value: number) => number;
  readonly top: number;
  readonly index: number;
}) {
  const { row, axis, x, top, index } = props;
  const { label, colour } = row.look;
  return (
    <g>
      <path
        className="overlay-line"
        d={`M${PAD.left} ${top + FONT - 4}h24`}
        style={{ stroke: colour }}
        strokeDasharray={dashes[index % dashes.length]}
      />
      <text x={PAD.left + 32} y={top + FONT} className="overlay-name">
        {label}
      </text>
      {piecesOf(row, axis).map(({ stage, from, to, level, share }) => (
        <g key={stage}>
          <title>{pieceText(row, stage, level)}</title>
          <rect
            x={x(from)}
            y={top + FONT + STRIP.gap}
            width={Math.max(0, x(to) - x(from))}
            height={STRIP.height - STRIP.gap / 2}
            fill={levelColour(share)}
          />
          {x(to) - x(from) >= READABLE && (
            <text
              x={(x(from) + x(to)) / 2}
              y={top + FONT + STRIP.gap + 14}
              textAnchor="middle"
              style={{ fill: inkOn(share) }}
            >
              {level}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

function pieceText({ schedule, maxLevel, look }: OverlayRow, stage: number, level: number): string {
  const timesteps = schedule?.division[stage];
  const where = timesteps ? `stage ${stage + 1}, t ${range(timesteps.high, timesteps.low)}: ` : "";
  return `${look.label}: ${where}level ${level} of ${maxLevel}, ${percent(level / maxLevel)} removed`;
}
