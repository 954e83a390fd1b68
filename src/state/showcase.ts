// The run that a first visit sees before any model runs: made by the command line, stored beside the page, and marked so.

import type { SampleGrid, ScheduleId, SearchResult } from "../engine/api.ts";
import { finished, type RunState } from "./run-state.ts";

/** What the grid of samples shows of one schedule. */
export type ShownGrid = Pick<SampleGrid, "pixels" | "side" | "cost"> & Partial<Pick<SampleGrid, "latents">>;

export interface StoredRun {
  readonly result: SearchResult;
  readonly grids: ReadonlyMap<ScheduleId, ShownGrid>;
}
export type Showcase = () => Promise<StoredRun>;

export function fromStored({ result }: StoredRun): RunState {
  const { name } = result.model;
  return {
    ...finished(result),
    id: undefined,
    elsewhere: { name, about: "", stored: true, watched: false, problems: [], missing: [], pictures: [] },
  };
}

/** @param base of run.json and pictures.png, whose rows are the run's comparisons */
export function browserShowcase(base: string): Showcase {
  return async () => {
    await firstPaint(); // nothing of it before the page itself
    const [result, sheet] = await Promise.all([
      fetched(`${base}run.json`).then((response) => response.json() as Promise<SearchResult>),
      fetched(`${base}pictures.png`).then(async (response) => createImageBitmap(await response.blob())),
    ]);
    return { result, grids: gridsOf(result, sheet) };
  };
}

/** Of the page's contents, which may be rendered over several frames. In a hidden tab, once it is shown. */
function firstPaint(): Promise<void> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName("first-contentful-paint").length === 0) return;
      observer.disconnect();
      resolve();
    });
    observer.observe({ type: "paint", buffered: true });
  });
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: answers ${response.status}`);
  return response;
}

function gridsOf({ comparisons }: SearchResult, sheet: ImageBitmap): StoredRun["grids"] {
  const { width, height } = sheet;
  const side = height / comparisons.length;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(sheet, 0, 0);
  const tile = (row: number, column: number) => context.getImageData(side * column, side * row, side, side).data;
  return new Map(
    comparisons.map(({ id, cost }, row) => {
      const pixels = Array.from({ length: width / side }, (_, column) => new Uint8ClampedArray(tile(row, column)));
      return [id, { pixels, side, cost }];
    }),
  );
}
