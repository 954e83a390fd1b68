// The front: quality on held-out pictures against cost, one line for each method, each point with its 95 % interval.
// Points of one budget cost the same; they stand a little apart so that their intervals can be told.

import { percent, score } from "../../core/format.ts";
import { type Front, type FrontPoint, frontIds } from "../../state/select-front.ts";
import { looks } from "../theme.ts";
import { roundTicks } from "./ticks.ts";
import { useSize } from "./use-size.ts";

const HEIGHT = 300;
const PAD = { left: 52, right: 16, top: 12, bottom: 26 };
/** Between the points of one budget, CSS pixels. */
const APART = 9;
const TICKS = 5;
const GIGA = 1e9;

/** Points are told apart by shape as well. */
const shapes: Readonly<Record<(typeof frontIds)[number], string>> = {
  uniform: "M-4-4h8v8h-8z",
  mosaic: "M0-5.5l5 9h-10z",
  searched: "M0-5a5 5 0 1 0 0 10a5 5 0 1 0 0-10",
};

/** @param fixed width where there is no page to measure */
export function FrontChart({ data, fixed }: { readonly data: Front; readonly fixed?: number }) {
  const { lines, dense } = data;
  const [plot, size] = useSize();
  const width = fixed ?? size.width;
  const all = lines.flatMap(({ points }) => points);
  const xTicks = roundTicks(...extent(all.map(({ macs }) => macs / GIGA)), width < 500 ? 3 : TICKS);
  const yTicks = roundTicks(...extent(all.flatMap(({ heldOut: { low, high, mean } }) => [low, high, mean])), TICKS);
  const x = scale(xTicks, PAD.left, width - PAD.right);
  const y = scale(yTicks, HEIGHT - PAD.bottom, PAD.top);
  return (
    <figure className="front">
      <div ref={plot} className="front-plot" style={{ blockSize: HEIGHT }}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label="Quality against cost; the table below has the numbers"
          >
            {yTicks.map((tick) => (
              <g key={tick} className="front-grid">
                <line x1={PAD.left} x2={width - PAD.right} y1={y(tick)} y2={y(tick)} />
                <text x={PAD.left - 8} y={y(tick)} className="of-y">
                  {tick.toFixed(3)}
                </text>
              </g>
            ))}
            {xTicks.map((tick) => (
              <text key={tick} x={x(tick)} y={HEIGHT - 8} className="of-x">
                {Number(tick.toFixed(4))}
              </text>
            ))}
            {lines.map(({ id, points }, line) => {
              const { label, colour } = looks[id];
              const shift = (line - (frontIds.length - 1) / 2) * APART;
              const at = (point: FrontPoint) => x(point.macs / GIGA) + (point === dense ? 0 : shift);
              return (
                <g key={id} style={{ color: colour }} className={`front-line of-${id}`}>
                  <polyline points={points.map((point) => `${at(point)},${y(point.heldOut.mean)}`).join(" ")} />
                  {points.map((point) =>
                    point === dense ? null : (
                      <g key={point.target} transform={`translate(${at(point)} 0)`}>
                        <title>{`${label} at ${percent(point.target)}: ${valueText(point)}`}</title>
                        <line y1={y(point.heldOut.low)} y2={y(point.heldOut.high)} />
                        <path d={shapes[id]} transform={`translate(0 ${y(point.heldOut.mean)})`} />
                      </g>
                    ),
                  )}
                </g>
              );
            })}
            {dense && (
              <circle className="front-dense" cx={x(dense.macs / GIGA)} cy={y(dense.heldOut.mean)} r={5}>
                <title>{`Dense: ${valueText(dense)}`}</title>
              </circle>
            )}
          </svg>
        )}
      </div>
      <figcaption className="curve-legend">
        {lines.map(({ id }) => (
          <span key={id} className="front-key" style={{ color: looks[id].colour }}>
            <svg viewBox="-8 -8 16 16" aria-hidden="true">
              <path d={shapes[id]} />
            </svg>
            {looks[id].label}
          </span>
        ))}
        <span className="muted">GMACs of one picture →</span>
      </figcaption>
    </figure>
  );
}

function valueText({ macs, heldOut: { mean, low, high } }: FrontPoint): string {
  return `${score(mean)}, 95 % ${score(low)} to ${score(high)}, ${(macs / GIGA).toFixed(2)} GMACs`;
}

function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  return finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
}

/** From the first tick at `start` to the last at `end`, to a tenth of a pixel. */
function scale(ticks: readonly number[], start: number, end: number): (value: number) => number {
  const [low, high] = [ticks[0] as number, ticks.at(-1) as number];
  return (value) => Number((start + ((value - low) / (high - low)) * (end - start)).toFixed(1));
}
