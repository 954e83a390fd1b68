// A finished search as one HTML file that needs nothing else: verdict, schedules, pictures, numbers, and how to make it
// again. Nothing in it runs, so it opens anywhere and prints.

import { duration, macs, milliseconds, percent, plural, range, score, signed } from "../core/format.ts";
import type { Division, ScheduleId, SearchResult } from "../engine/api.ts";
import { type SettingName, settingNames, settingOf, settingOptions, shelves } from "../state/settings.ts";
import { commandsOf } from "./command.ts";
import { courseFigure, differenceFigure, type NamedSchedule, scheduleFigure } from "./figures.ts";
import { type Column, escaped, facts, section, table } from "./markup.ts";
import { scheduleNames } from "./names.ts";
import { STYLE } from "./style.ts";
import { headline } from "./verdict.ts";

export interface PictureRow {
  readonly id: ScheduleId;
  /** PNG in their addresses ("data:image/png;base64,…"), one for each class. */
  readonly pictures: readonly string[];
}

export interface RunReport {
  /** What the person calls the run. */
  readonly title: string;
  readonly result: SearchResult;
  /** Same noise and classes in each row; empty where none could be drawn. */
  readonly pictures: readonly PictureRow[];
  /** Of each picture of a row. */
  readonly classes: readonly string[];
  /** What drew the pictures and wrote this: versions, processor, browser. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** The page with the settings of the run. */
  readonly link: string;
  /** Of the command line: see Reproduction. */
  readonly model: readonly string[];
  /** When, for a person. */
  readonly made: string;
}

/** A whole HTML document. */
export function runReport(report: RunReport): string {
  const { title, result } = report;
  const metric = metricOf(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Diff-ES Studio</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
${introduction(report)}
${section("Against the baselines", differenceFigure(differencesOf(result)), comparisonTable(result, metric))}
${section("Schedules", scheduleFigure(scheduled(result), result.space.maxLevel), levelTable(result))}
${section("Pictures", ...pictures(report))}
${section(
  "The search",
  `<p>${metric} on ${plural(result.request.probes, "probe picture")}, over ${plural(result.evaluations, "schedule")}.</p>`,
  courseFigure(result),
  ...finalists(result, metric),
)}
${section("Make it again", ...reproduction(report))}
${section("Settings", facts(settings(result)))}
${section("Environment", facts(environment(report)))}
</main>
</body>
</html>
`;
}

function introduction({ title, result, made }: RunReport): string {
  const { verdict, request, comparisons, model, finalists } = result;
  const cost = comparisons.find(({ id }) => id === "searched")?.cost;
  const method = shelves.pruner.get(request.pruner.id).label;
  return `<header>
<p class="kicker">${escaped(`${title} · ${model.name}, ${method}, ${plural(request.stages, "stage")}, ${percent(result.space.sparsity)} removed · ${made}`)}</p>
<h1>${escaped(headline(verdict))}</h1>
<p class="lead">${cost ? `${percent(1 - cost.macs / cost.denseMacs, 0)} fewer operations than the dense model. ` : ""}${
    finalists.length > 0
      ? `The best of ${plural(finalists.length, "finalist")} on ${plural(request.validation, "other picture")}. `
      : ""
  }Judged on ${plural(request.heldOut, "picture")} that decided nothing.</p>
</header>`;
}

function comparisonTable({ comparisons, verdict, device }: SearchResult, metric: string): string {
  const columns: Column[] = [
    { name: "schedule" },
    { name: "operations", number: true },
    { name: "sparsity", number: true },
    { name: "a step", number: true },
    { name: `${metric}, probes`, number: true },
    { name: "held-out mean", number: true },
    { name: "searched minus it, 95 % interval", number: true },
  ];
  const difference = { uniform: verdict.againstUniform, mosaic: verdict.againstMosaic } as const;
  const rows = comparisons.map(({ id, cost, fitness, heldOut }) => {
    const against = id === "uniform" || id === "mosaic" ? difference[id] : undefined;
    return [
      scheduleNames[id],
      macs(cost.macs),
      percent(cost.sparsity),
      device.software ? "" : milliseconds(cost.stepTime),
      score(fitness),
      score(heldOut.reduce((sum, value) => sum + value, 0) / heldOut.length),
      against ? `${signed(against.mean)} (${signed(against.low)} to ${signed(against.high)})` : "",
    ];
  });
  const batch = comparisons[0]?.cost.batch ?? 0;
  const caption = `Same noise, classes and budget for all. Operations of one picture; time of a step of ${plural(batch, "picture")}`;
  return table(caption, columns, rows);
}

function levelTable(result: SearchResult): string {
  const { maxLevel } = result.space;
  const rows = scheduled(result).map(({ id, schedule: { division, levels } }) => [
    scheduleNames[id],
    levels.join(" "),
    timestepsOf(division),
  ]);
  const caption = `Levels of each stage, 0 … ${maxLevel}, and its timesteps, in sampling order`;
  return table(caption, [{ name: "schedule" }, { name: "levels" }, { name: "timesteps" }], rows);
}

function timestepsOf(division: Division): string {
  const sizes = new Set(division.map(({ high, low }) => high - low + 1));
  return sizes.size === 1 && division.length > 3
    ? `${division.length} stages of ${[...sizes]}`
    : division.map(({ high, low }) => range(high, low)).join(", ");
}

function pictures({ pictures: rows, classes, result }: RunReport): string[] {
  if (rows.length === 0)
    return ["<p>None could be drawn: the bank or the model of this run is not there any more.</p>"];
  const { steps, guidance, seed } = result.request;
  const figures = rows.map(({ id, pictures }) => {
    const images = pictures.map(
      (source, index) =>
        `<img src="${source}" alt="${escaped(`${scheduleNames[id]}: ${classes[index] ?? ""}`)}" title="${escaped(classes[index] ?? "")}">`,
    );
    return `<figure><figcaption style="color:var(--${id})">${scheduleNames[id]}</figcaption><div>${images.join("")}</div></figure>`;
  });
  return [
    `<div class="pictures">\n${figures.join("\n")}\n</div>`,
    `<p class="quiet">${escaped(`The same noise in every row (seed ${seed}), ${plural(steps, "step")}, guidance ${guidance}: ${classes.join(", ")}. None was chosen.`)}</p>`,
  ];
}

function finalists({ finalists, rankCorrelation }: SearchResult, metric: string): string[] {
  if (finalists.length === 0) return [];
  const columns: Column[] = [
    { name: "levels" },
    { name: `${metric}, probes`, number: true },
    { name: `${metric}, validation`, number: true },
    { name: "came from" },
  ];
  const rows = finalists.map(({ levels, fitness, validation, origin }) => [
    levels.join(" "),
    score(fitness),
    score(validation),
    origin.kind,
  ]);
  const agreement = rankCorrelation === undefined ? "" : `; rank correlation of both ${rankCorrelation.toFixed(2)}`;
  return [table(`The finalists, best on validation pictures first${agreement}`, columns, rows)];
}

function reproduction({ result, link, model }: RunReport): string[] {
  const { request, forks, device, historyHash, generations, run } = result;
  const commands = commandsOf({ run, request, forks, model, backend: device.backend });
  const byHand = generations.some(({ population }) => population.some(({ origin }) => origin.kind === "injected"));
  return [
    `<p>In the page, with these settings: <a href="${escaped(link)}">${escaped(link)}</a></p>`,
    "<p>On the command line:</p>",
    ...commands.map((command) => `<pre>${escaped(command)}</pre>`),
    ...(request.warm
      ? [
          `<p>It started from ${plural(request.warm.length, "earlier schedule")}, which the link holds; give them by <code>--warm</code>.</p>`,
        ]
      : []),
    ...(byHand ? ["<p>A schedule was put in by hand while it ran, which neither repeats.</p>"] : []),
    `<p>${device.backend === "wasm" ? "On WASM the history has this hash on any machine" : "Hash of its history"}: <code>${historyHash}</code></p>`,
  ];
}

function settings({ request }: SearchResult): [string, string][] {
  const chosen = Object.entries(shelves).map(([name, methods]): [string, string] => {
    const { id, options = {} } = request[name as keyof typeof shelves];
    const { label, options: spec } = methods.get(id);
    const changed = Object.entries(options).filter(([key, value]) => spec[key]?.default !== value);
    return [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      [label, ...changed.map(([key, value]) => `${key} ${value}`)].join(", "),
    ];
  });
  const values = settingNames.map((name: SettingName): [string, string] => [
    settingOptions[name].label,
    String(settingOf(request, name)),
  ]);
  return [...chosen, ...values];
}

function environment({ result, environment }: RunReport): [string, string][] {
  const { device, elapsed, run } = result;
  return [
    ["Run", run],
    ["Searched on", `${device.name} (${device.backend})`],
    ["Took", duration(elapsed)],
    ...environment.map(([name, value]): [string, string] => [name, value]),
  ];
}

function scheduled({ comparisons }: SearchResult): NamedSchedule[] {
  return comparisons.flatMap(({ id, schedule }) => (schedule ? [{ id, schedule }] : []));
}

function differencesOf({ verdict }: SearchResult) {
  return [
    { id: "uniform", difference: verdict.againstUniform },
    { id: "mosaic", difference: verdict.againstMosaic },
  ] as const;
}

function metricOf({ request }: SearchResult): string {
  return shelves.metric.get(request.metric.id).label;
}
