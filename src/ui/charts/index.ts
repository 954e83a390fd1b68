// The shelf of charts: a new one is a file and a line here.

import { lazy } from "react";
import { type Genealogy, selectGenealogy } from "../../state/select-candidates.ts";
import { type Curve, selectCurve } from "../../state/select-curve.ts";
import { type Front, selectFront } from "../../state/select-front.ts";
import { type SensitivityMap as Sensitivity, selectSensitivity } from "../../state/select-sensitivity.ts";
import { type Heatmap, type Strip, selectBestRows, selectStrip } from "../../state/selectors.ts";
import type { ChartSpec } from "./chart.ts";
import { FrontChart } from "./front-chart.tsx";
import { GenealogyChart } from "./genealogy-chart.tsx";
import { ScheduleHeatmap } from "./schedule-heatmap.tsx";
import { ScheduleStrip } from "./schedule-strip.tsx";
import { SensitivityMap } from "./sensitivity-map.tsx";

export const charts = {
  "schedule-heatmap": {
    title: "Evolution",
    about: "Each row is the best schedule of a generation",
    empty: "The best schedule of every generation, one row each, while the search finds it.",
    select: selectBestRows,
    Component: ScheduleHeatmap,
  } satisfies ChartSpec<Heatmap>,
  "schedule-strip": {
    title: "Schedules compared",
    about: "Same budget, spent differently over the denoising",
    empty: "Uniform, MosaicDiff and the searched schedule on one axis.",
    select: selectStrip,
    Component: ScheduleStrip,
  } satisfies ChartSpec<Strip>,
  "fitness-curve": {
    title: "Fitness",
    about: "On the probes; higher is closer to dense",
    empty: "Best, median and spread of every generation, against the baselines.",
    select: selectCurve,
    // recharts is the largest part of the page and is needed only once a search has begun.
    Component: lazy(() => import("./fitness-curve.tsx").then(({ FitnessCurve }) => ({ default: FitnessCurve }))),
  } satisfies ChartSpec<Curve>,
  genealogy: {
    title: "Genealogy",
    about: "Where the winner came from, by which moves",
    empty: "The winner’s ancestors, and the move from each to the next.",
    select: selectGenealogy,
    Component: GenealogyChart,
  } satisfies ChartSpec<Genealogy>,
  front: {
    title: "Front",
    about: "Quality against cost",
    empty: "What each budget buys: uniform, MosaicDiff and searched from 10 to 50 %.",
    select: selectFront,
    Component: FrontChart,
  } satisfies ChartSpec<Front>,
  "sensitivity-map": {
    title: "Sensitivity",
    about: "What pruning each stage alone loses",
    empty: "How much each stage can bear: one stage pruned at a time, every few levels.",
    select: selectSensitivity,
    Component: SensitivityMap,
  } satisfies ChartSpec<Sensitivity>,
} as const;
