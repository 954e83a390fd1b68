// What pruning one stage alone to a level loses: stages from left to right, levels from dense at the foot upwards. The
// outlined cells are the schedule that loses least when losses of stages are added up.

import { lossScale, lossShare } from "../../core/colour-scales.ts";
import { percent, score, signed } from "../../core/format.ts";
import type { Optimum, SensitivityMap as Sensitivity } from "../../state/select-sensitivity.ts";
import { type Cell, CellGrid, type CellNote } from "./cell-grid.tsx";
import { StageAxis } from "./stage-axis.tsx";
import { type Span, stageSpans, stageText } from "./stages.ts";
import { useSize } from "./use-size.ts";

const HEIGHT = 312;
const ROW = { least: 10, most: 24 };
/** Cells smaller than this carry no number. */
const READABLE = { width: 24, height: 15 };

export function SensitivityMap({ data }: { readonly data: Sensitivity }) {
  const { losses, division, stageOfStep, maxLevel, highest, optimum } = data;
  const [plot, { width }] = useSize();
  const spans = stageSpans(division);
  const rows = maxLevel + 1;
  const rowHeight = Math.min(ROW.most, Math.max(ROW.least, HEIGHT / rows));
  const height = rows * rowHeight;
  const narrowest = Math.min(...spans.map((span) => span.width)) * width;
  const numbered = rowHeight >= READABLE.height && (width === 0 || narrowest >= READABLE.width);
  const cells = losses.flatMap((row, stage) =>
    row.map((cell, level) => ({ stage, level, cell, span: spans[stage] as Span })),
  );
  return (
    <div className="heatmap">
      <div className="heatmap-scroll">
        <LevelNames maxLevel={maxLevel} rowHeight={rowHeight} />
        <CellGrid
          label="Loss by level and stage"
          plot={plot}
          rows={rows}
          rowHeight={rowHeight}
          height={height}
          spans={spans}
          home={maxLevel}
          note={(cell) => noteOf(data, cell)}
        >
          <svg className="loss-cells" viewBox={`0 0 1 ${rows}`} preserveAspectRatio="none" aria-hidden="true">
            {cells.map(
              ({ stage, level, cell, span }) =>
                cell && (
                  <rect
                    key={`${stage},${level}`}
                    x={span.left}
                    y={maxLevel - level}
                    width={span.width}
                    height={1}
                    fill={lossScale.colour(lossShare(cell.loss, highest))}
                  />
                ),
            )}
            {optimum && <Path optimum={optimum} spans={spans} maxLevel={maxLevel} />}
          </svg>
          <svg className="loss-numbers" aria-hidden="true">
            {cells.map(({ stage, level, cell, span }) => {
              if (!cell?.measured || level === 0) return null;
              const x = `${100 * (span.left + span.width / 2)}%`;
              const y = (maxLevel - level + 0.5) * rowHeight;
              const ink = lossScale.ink(lossShare(cell.loss, highest));
              return numbered ? (
                <text key={`${stage},${level}`} x={x} y={y} fill={ink}>
                  {short(cell.loss)}
                </text>
              ) : (
                <circle key={`${stage},${level}`} cx={x} cy={y} r={1.5} fill={ink} />
              );
            })}
          </svg>
        </CellGrid>
      </div>
      <StageAxis division={division} stageOfStep={stageOfStep} width={width} />
    </div>
  );
}

/** A schedule's cells, joined at the borders of stages. */
function Path(props: { readonly optimum: Optimum; readonly spans: readonly Span[]; readonly maxLevel: number }) {
  const { optimum, spans, maxLevel } = props;
  const top = (level: number) => maxLevel - level;
  const cells = optimum.levels.map((level, stage) => {
    const { left, width } = spans[stage] as Span;
    const before = optimum.levels[stage - 1];
    const border = before === undefined ? "" : `M${left} ${top(before) + 0.5}V${top(level) + 0.5}`;
    return `${border}M${left} ${top(level)}h${width}v1h${-width}z`;
  });
  return ["loss-path halo", "loss-path"].map((name) => <path key={name} className={name} d={cells.join("")} />);
}

function LevelNames({ maxLevel, rowHeight }: { readonly maxLevel: number; readonly rowHeight: number }) {
  const every = Math.ceil(17 / rowHeight);
  return (
    <div className="row-names" aria-hidden="true">
      {Array.from({ length: maxLevel + 1 }, (_, level) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a level is its own number
        <span key={level} style={{ top: (maxLevel - level + 0.5) * rowHeight }}>
          {level === 0 ? "dense 0" : (maxLevel - level) % every === 0 ? level : ""}
        </span>
      ))}
    </div>
  );
}

/** The colours of losses, and what is drawn over them. */
export function LossLegend({ data }: { readonly data: Sensitivity }) {
  const { highest, optimum } = data;
  return (
    <div className="level-legend loss-legend">
      <span className="axis-name">level</span>
      {optimum && <span className="key optimum">best of the sum at {percent(optimum.target)}</span>}
      <span>0</span>
      <i style={{ background: lossScale.gradient }} title={`Halfway: ${score(highest / 4)}`} />
      <span>{score(highest)} lost</span>
    </div>
  );
}

function noteOf({ losses, maxLevel, division, stageOfStep }: Sensitivity, { row, stage }: Cell): CellNote | undefined {
  const level = maxLevel - row;
  const cell = losses[stage]?.[level];
  const where = stageText(division, stageOfStep, stage);
  const title = `Level ${level} of ${maxLevel}, this stage alone`;
  if (!cell) return { title, lines: [where, "not measured yet"], spoken: `${title}, ${where}, not measured yet` };
  const how = level === 0 ? "dense: nothing is lost" : cell.measured ? "measured" : "between measured levels";
  const loss = `loss ${cell.loss < 0 ? signed(cell.loss) : score(cell.loss)}`;
  return { title, lines: [where, `${loss} · ${how}`], spoken: `${where}, level ${level} alone, ${loss}, ${how}` };
}

/** ".12", "−.01", "1.4", "23": as much as a cell holds. */
function short(loss: number): string {
  const size = Math.abs(loss);
  const text = size < 0.995 ? size.toFixed(2).slice(1) : size < 9.95 ? size.toFixed(1) : size.toFixed(0);
  return loss < 0 && Number(text) !== 0 ? `−${text}` : text;
}
