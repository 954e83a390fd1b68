// Drawings of a report as SVG: schedules as in Diff-ES, figure 5, the course of the search, and differences with their
// intervals. Widths are shares of the page, so that letters keep their size on a phone and on paper; colours of schedules
// are variables, so that they follow light and dark.

import { inkOn, levelColour } from "../core/colour-scales.ts";
import { percent, range, score, signed } from "../core/format.ts";
import { median } from "../core/median.ts";
import type { Difference, RoutedSchedule, ScheduleId, SearchResult } from "../engine/api.ts";
import { escaped, rounded } from "./markup.ts";
import { scheduleNames } from "./names.ts";

const LINE = 16;
const STRIP = { name: 22, height: 64, gap: 16 } as const;
/** Bars as high as this share carry their level inside, others above. */
const INSIDE = 0.34;
/** Most stages whose bars carry their level. */
const NUMBERED = 24;

export interface NamedSchedule {
  readonly id: ScheduleId;
  readonly schedule: RoutedSchedule;
}

/** One strip for each schedule: width is the range of timesteps, height and colour are the level. */
export function scheduleFigure(rows: readonly NamedSchedule[], maxLevel: number): string {
  const each = STRIP.name + STRIP.height + STRIP.gap;
  const height = rows.length * each + LINE;
  const strips = rows.map(({ id, schedule }, row) => {
    const top = row * each + STRIP.name;
    const base = top + STRIP.height;
    const bars = barsOf(schedule, maxLevel).map(({ left, width, level, share, text }) => {
      const tall = share * STRIP.height;
      const [y, fill] = share > INSIDE ? [base - tall + 14, `style="fill:${inkOn(share)}"`] : [base - tall - 4, ""];
      const number = `<text x="${percents(left + width / 2)}" y="${rounded(y)}" text-anchor="middle" ${fill}>${level}</text>`;
      const numbered = schedule.levels.length <= NUMBERED ? number : "";
      return `<g><title>${escaped(text)}</title><rect x="${percents(left)}" y="${rounded(base - tall)}" width="${percents(width)}" height="${rounded(tall)}" fill="${levelColour(share)}" class="bar"/>${numbered}</g>`;
    });
    return `<text class="strong" x="0" y="${top - 8}" style="fill:var(--${id})">${scheduleNames[id]}</text>
${bars.join("\n")}
<line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}"/>`;
  });
  const names = rows.map(({ id }) => scheduleNames[id]).join(", ");
  return drawing(
    height,
    `Levels by timestep of ${names}; the table has the numbers`,
    ...strips,
    `<text x="0" y="${height - 4}">← noise, sampled first</text>`,
    `<text x="100%" y="${height - 4}" text-anchor="end">picture, sampled last →</text>`,
  );
}

/** Shares of the axis. */
function barsOf({ division, levels }: RoutedSchedule, maxLevel: number) {
  const total = 1 + (division[0]?.high ?? 0);
  return division.map(({ high, low }, stage) => {
    const level = levels[stage] ?? 0;
    const share = level / maxLevel;
    const text = `t ${range(high, low)}: level ${level} of ${maxLevel}, ${percent(share)} removed`;
    return { left: (total - 1 - high) / total, width: (high - low + 1) / total, level, share, text };
  });
}

const PLOT = { height: 220, key: 20, keys: 2, foot: 22 } as const;

/** Best and median fitness on the probes by generation, with the baselines as lines across. */
export function courseFigure({ generations, comparisons }: SearchResult): string {
  const scores = generations.map(({ population }) =>
    population.flatMap(({ fitness, stopped }) => (stopped ? [] : [fitness])),
  );
  const series = [
    {
      name: "best",
      stroke: 'stroke="var(--searched)" stroke-width="2.5"',
      values: scores.map((all) => Math.max(...all)),
    },
    { name: "median", stroke: 'stroke="var(--searched)"', values: scores.map(median) },
    ...comparisons
      .filter(({ id }) => id === "uniform" || id === "mosaic")
      .map(({ id, fitness }) => ({
        name: scheduleNames[id],
        stroke: `stroke="var(--${id})" stroke-dasharray="5 4"`,
        values: scores.map(() => fitness),
      })),
  ];
  const all = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = 0.06 * (most - least) || 1; // so that no line lies on the frame
  const [low, high] = [least - room, most + room];
  const share = (value: number) => rounded(1000 * (1 - (value - low) / (high - low)));
  const top = PLOT.key * Math.ceil(series.length / PLOT.keys) + 8;
  const base = top + PLOT.height;
  const last = Math.max(1, generations.length - 1);
  const paths = series.map(({ stroke, values }) => {
    // one generation is a line too
    const points = values.length === 1 ? [...values, ...values] : values;
    const d = points.map((value, i) => `${i === 0 ? "M" : "L"}${rounded((1000 * i) / last)} ${share(value)}`).join("");
    return `<path d="${d}" fill="none" ${stroke} vector-effect="non-scaling-stroke"/>`;
  });
  return drawing(
    base + PLOT.foot,
    `Fitness over ${generations.length} generations: the best went from ${score(series[0]?.values[0] ?? 0)} to ${score(series[0]?.values.at(-1) ?? 0)}`,
    ...series.flatMap(({ name, stroke, values }, index) => {
      const [x, y] = [(100 / PLOT.keys) * (index % PLOT.keys), PLOT.key * Math.floor(index / PLOT.keys) + 14];
      return [
        `<line x1="${x}%" x2="${x + 6}%" y1="${y - 4}" y2="${y - 4}" ${stroke}/>`,
        `<text x="${x + 8}%" y="${y}">${name} ${score(values.at(-1) ?? 0)}</text>`,
      ];
    }),
    `<svg x="0" y="${top}" width="100%" height="${PLOT.height}" viewBox="0 0 1000 1000" preserveAspectRatio="none">${paths.join("")}</svg>`,
    `<line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}"/>`,
    `<text x="0" y="${base + LINE}">generation 1</text>`,
    `<text x="100%" y="${base + LINE}" text-anchor="end">${generations.length}</text>`,
  );
}

export interface NamedDifference {
  readonly id: ScheduleId;
  readonly difference: Difference;
}

/** Mean and 95 % interval of each beside zero, on one axis. */
export function differenceFigure(rows: readonly NamedDifference[]): string {
  const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? Math.abs(value) : 0);
  const reach = Math.max(1e-6, ...rows.flatMap(({ difference: d }) => [d.low, d.high, d.mean].map(finite)));
  const x = (value: number) => percents(0.5 + 0.48 * Math.max(-1, Math.min(1, value / reach)));
  const each = 52;
  const drawn = rows.map(({ id, difference: { mean, low, high } }, row) => {
    const [text, y] = [row * each + 14, row * each + 32];
    const bounded = [low, high].every((value) => value !== null && Number.isFinite(value));
    const interval = `<line x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" stroke="var(--searched)" stroke-width="3"/>`;
    return `<text class="strong" x="0" y="${text}">against ${scheduleNames[id]}</text>
<text x="100%" y="${text}" text-anchor="end">${escaped(`${signed(mean)}, 95 % from ${signed(low)} to ${signed(high)}`)}</text>
<line class="axis" x1="0" x2="100%" y1="${y}" y2="${y}"/>
<line x1="50%" x2="50%" y1="${y - 8}" y2="${y + 8}" stroke="currentColor"/>
${bounded ? interval : ""}
<circle cx="${x(mean)}" cy="${y}" r="5" fill="var(--searched)"/>`;
  });
  return drawing(rows.length * each, "Differences on held-out pictures with their 95 % intervals", ...drawn);
}

function drawing(height: number, label: string, ...parts: readonly string[]): string {
  return `<svg width="100%" height="${height}" role="img" aria-label="${escaped(label)}">\n${parts.join("\n")}\n</svg>`;
}

function percents(share: number): string {
  return `${Number((100 * share).toFixed(3))}%`;
}
