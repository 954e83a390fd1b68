// Fitness over generations: best, median and the middle half of the population, against uniform and MosaicDiff.

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { score } from "../../core/format.ts";
import type { Curve, CurvePoint, HeldOutMark } from "../../state/select-curve.ts";
import { looks } from "../theme.ts";
import { roundTicks } from "./ticks.ts";

/** About as many lines as the axis gets. */
const TICKS = 5;
const TICK = { fill: "var(--ink-3)", fontSize: 12 };

export function FitnessCurve({ data, width }: { readonly data: Curve; readonly width?: number }) {
  const { points, generations, uniform, mosaic, validation } = data;
  const heldOut = data.heldOut.map((mark) => ({ ...mark, generation: Math.max(2, generations) }));
  const ticks = ticksOf(data);
  const chart = (
    <ComposedChart
      data={[...points]}
      margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
      {...(width && { width, height: 240 })}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="generation"
        type="number"
        domain={[1, Math.max(2, generations)]}
        allowDecimals={false}
        tick={TICK}
        stroke="var(--line)"
      />
      <YAxis
        domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
        ticks={ticks}
        tick={TICK}
        tickFormatter={tickText}
        stroke="var(--line)"
        width={52}
      />
      {uniform !== undefined && <ReferenceLine y={uniform} stroke={looks.uniform.colour} strokeDasharray="5 4" />}
      {mosaic !== undefined && <ReferenceLine y={mosaic} stroke={looks.mosaic.colour} strokeDasharray="2 3" />}
      <Area dataKey="spread" stroke="none" fill="var(--searched)" fillOpacity={0.16} isAnimationActive={false} />
      <Line
        dataKey="median"
        stroke="var(--searched)"
        strokeOpacity={0.6}
        strokeWidth={1.5}
        dot={false}
        isAnimationActive={false}
      />
      <Line
        dataKey="best"
        stroke="var(--searched)"
        strokeWidth={2.5}
        dot={points.length < 40 ? { r: 2.5, fill: "var(--searched)", strokeWidth: 0 } : false}
        isAnimationActive={false}
      />
      {/* Without data of their own, marks would take the chart's. */}
      {validation.length > 0 && (
        <Scatter data={[...validation]} dataKey="validation" shape={<Diamond />} isAnimationActive={false} />
      )}
      {heldOut.length > 0 && <Scatter data={heldOut} dataKey="heldOut" shape={<Ring />} isAnimationActive={false} />}
      <Tooltip
        content={({ active, payload }) => active && <PointNote point={payload[0]?.payload} />}
        cursor={{ stroke: "var(--edge)" }}
        isAnimationActive={false}
      />
    </ComposedChart>
  );
  return (
    <figure className="curve">
      <div className="curve-plot">{width ? chart : <ResponsiveContainer>{chart}</ResponsiveContainer>}</div>
      <figcaption className="curve-legend">
        <span className="key best">best</span>
        <span className="key median">median, middle half</span>
        {uniform !== undefined && <span className="key uniform">uniform {score(uniform)}</span>}
        {mosaic !== undefined && <span className="key mosaic">MosaicDiff {score(mosaic)}</span>}
        {validation.length > 0 && <span className="key diamond">finalists on validation pictures</span>}
        {heldOut.length > 0 && <span className="key ring">mean on held-out pictures, in the colour of its row</span>}
      </figcaption>
      {/* A table cannot be made small itself. */}
      <div className="hidden">
        <table>
          <caption>Fitness by generation</caption>
          <tbody>
            {points.map(({ generation, best, median }) => (
              <tr key={generation}>
                <th scope="row">generation {generation}</th>
                <td>best {score(best)}</td>
                <td>median {score(median)}</td>
              </tr>
            ))}
            {validation.map((mark) => (
              <tr key={mark.key}>
                <th scope="row">finalist of generation {mark.generation}</th>
                <td colSpan={2}>validation {score(mark.validation)}</td>
              </tr>
            ))}
            {heldOut.map(({ id, heldOut: mean }) => (
              <tr key={id}>
                <th scope="row">{looks[id].label}</th>
                <td colSpan={2}>held-out {score(mean)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** Where recharts puts a mark, and what it stands for. */
interface MarkProps {
  readonly cx?: number;
  readonly cy?: number;
  readonly payload?: HeldOutMark;
}

function Diamond({ cx = 0, cy = 0 }: MarkProps) {
  return <path className="mark-diamond" d={`M${cx} ${cy - 5}l5 5l-5 5l-5 -5z`} />;
}

function Ring({ cx = 0, cy = 0, payload }: MarkProps) {
  if (!payload) return null;
  const { label, colour } = looks[payload.id];
  return (
    <circle className="mark-ring" cx={cx} cy={cy} r={4.5} style={{ stroke: colour }}>
      <title>
        {label}, held-out {score(payload.heldOut)}
      </title>
    </circle>
  );
}

function PointNote({ point }: { readonly point: CurvePoint | undefined }) {
  if (!point) return null;
  return (
    <div className="tooltip flat">
      <strong>Generation {point.generation}</strong>
      <span>best {score(point.best)}</span>
      <span>median {score(point.median)}</span>
    </div>
  );
}

/** Round numbers that enclose everything drawn. */
function ticksOf({ points, uniform, mosaic, validation, heldOut }: Curve): number[] {
  const drawn = [
    ...points.flatMap(({ best, spread }) => [best, spread[0]]),
    ...validation.map((mark) => mark.validation),
    ...heldOut.map((mark) => mark.heldOut),
    uniform,
    mosaic,
  ];
  const values = drawn.filter((value): value is number => value !== undefined && Number.isFinite(value));
  return values.length === 0 ? [0, 1] : roundTicks(Math.min(...values), Math.max(...values), TICKS);
}

function tickText(value: number): string {
  return value.toFixed(3);
}
