import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { levelColour } from "../../core/colour-scales.ts";
import { allCandidates, arrange } from "../../state/candidates.ts";
import { ancestryOf } from "../../state/genealogy.ts";
import { memoryPlace } from "../../state/place.ts";
import { type CandidateRow, type Genealogy, selectCandidates, selectGenealogy } from "../../state/select-candidates.ts";
import { selectCurve } from "../../state/select-curve.ts";
import { selectFront } from "../../state/select-front.ts";
import { selectSensitivity } from "../../state/select-sensitivity.ts";
import { populationOf, selectAllRows, selectBestRows, selectStrip } from "../../state/selectors.ts";
import { createStudioStore, type StudioStore } from "../../state/store.ts";
import { createScriptedEngine } from "../../testing/scripted-engine.ts";
import { CandidateTable, type Sorting } from "./candidate-table.tsx";
import { FitnessCurve } from "./fitness-curve.tsx";
import { FrontChart } from "./front-chart.tsx";
import { FrontTable } from "./front-table.tsx";
import { GenealogyChart } from "./genealogy-chart.tsx";
import { GenealogyTable } from "./genealogy-table.tsx";
import { charts } from "./index.ts";
import { cellPixels, paintHeatmap } from "./paint-heatmap.ts";
import { ScheduleHeatmap } from "./schedule-heatmap.tsx";
import { ScheduleStrip } from "./schedule-strip.tsx";
import { ScheduleTable } from "./schedule-table.tsx";
import { SensitivityMap } from "./sensitivity-map.tsx";
import { SensitivityTable } from "./sensitivity-table.tsx";
import { stageSpans, stageText, stepsOfStage } from "./stages.ts";

let store: StudioStore;
beforeAll(async () => {
  store = createStudioStore(
    createScriptedEngine(),
    memoryPlace("stages=4&searcher=evolution&searcher.generations=3&searcher.offspring=4"),
  );
  await store.getState().start();
  await store.getState().search();
  await store.getState().measureSensitivity();
  store.getState().setTargets([0.25, 0.5]);
  await store.getState().runSweep();
});
/** One element a line, so that a change reads as a diff. */
const markup = (element: ReactElement) => renderToStaticMarkup(element).replaceAll("><", ">\n<");
const need = <T,>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the run has nothing to draw");
  return value;
};
/** Of the candidate with most ancestors: the winner of so short a run may be a founder. */
function longestGenealogy(): Genealogy {
  const { rows } = need(selectCandidates(store.getState()));
  const chains = rows.map(({ key }) => ancestryOf(key, rows)).sort((a, b) => b.length - a.length);
  return { ...need(selectGenealogy(store.getState())), chain: need(chains[0]) };
}

describe("markup of a seeded run", () => {
  test("heatmap", () => {
    expect(markup(<ScheduleHeatmap data={need(selectBestRows(store.getState()))} />)).toMatchSnapshot();
  });
  test("strip", () => {
    expect(markup(<ScheduleStrip data={need(selectStrip(store.getState()))} />)).toMatchSnapshot();
  });
  test("table", () => {
    expect(markup(<ScheduleTable data={need(selectBestRows(store.getState()))} />)).toMatchSnapshot();
  });
  test("sensitivity map", () => {
    expect(markup(<SensitivityMap data={need(selectSensitivity(store.getState()))} />)).toMatchSnapshot();
  });
  test("sensitivity table", () => {
    expect(markup(<SensitivityTable data={need(selectSensitivity(store.getState()))} />)).toMatchSnapshot();
  });
  test("genealogy", () => {
    expect(markup(<GenealogyChart data={longestGenealogy()} />)).toMatchSnapshot();
  });
  test("genealogy table", () => {
    expect(markup(<GenealogyTable data={longestGenealogy()} />)).toMatchSnapshot();
  });
  test("front", () => {
    expect(markup(<FrontChart data={need(selectFront(store.getState()))} fixed={600} />)).toMatchSnapshot();
  });
  test("front table", () => {
    const data = need(selectFront(store.getState()));
    const table = <FrontTable data={data} maxLevel={12} disabled={false} onOpen={() => {}} />;
    expect(markup(table)).toMatchSnapshot();
  });
  test("curve: legend and numbers for a screen reader", () => {
    const text = renderToStaticMarkup(<FitnessCurve data={need(selectCurve(store.getState()))} width={600} />);
    expect(text).toMatch(/generation 3<\/th><td>best 0\.\d{4}/);
    expect(text).toContain("MosaicDiff 0.");
    expect(text).toMatch(/finalist of generation \d<\/th><td colSpan="2">validation 0\.\d{4}/i);
    expect(text).toMatch(/Searched<\/th><td colSpan="2">held-out 0\.\d{4}/i);
  });
});

describe("the candidates' table", () => {
  const nothing = () => {};
  const rendered = (rows: readonly CandidateRow[], sorting: Sorting = allCandidates) =>
    renderToStaticMarkup(
      <CandidateTable
        rows={rows}
        maxLevel={12}
        sorting={sorting}
        picked={rows[1]?.key}
        onSort={nothing}
        onPick={nothing}
      />,
    );

  test("has every candidate of a short run, with its origin, its move and its mark", () => {
    const { rows } = need(selectCandidates(store.getState()));
    const text = rendered(arrange(rows, allCandidates));
    expect(text.match(/aria-rowindex/g)).toHaveLength(rows.length);
    expect(text).toMatch(/winner<\/span> 0\.\d{4}.*Mutation <span class="muted">stage \d → \d, \d levels?/);
    expect(text.match(/aria-selected="true"/g)).toHaveLength(1);
  });

  test("of a long run makes only the rows in sight, and keeps the room of the others", () => {
    const { rows } = need(selectCandidates(store.getState()));
    const many = Array.from({ length: 2000 }, (_, i) => ({ ...(rows[0] as CandidateRow), key: String(i) }));
    const text = rendered(many);
    const made = text.match(/aria-rowindex/g)?.length ?? 0;
    expect(made).toBeLessThan(40);
    expect(text).toContain(`aria-rowcount="2001"`);
    expect(text).toContain(`block-size:${32 * (2000 - made)}px`);
  });

  test("tells how it is sorted, the fittest first being descending", () => {
    expect(rendered([])).toContain(`aria-sort="descending"><button type="button" title="On the probes"`);
    expect(rendered([], { sort: "generation", descending: false })).toMatch(/aria-sort="ascending"><button[^>]*>Born/);
  });
});

describe("the heatmap's cells", () => {
  test("are a pixel each, in the colour of their level; what is pending shows through", () => {
    const { rows, division, maxLevel } = need(selectAllRows(store.getState()));
    const half = rows.map((row, index) => ({ ...row, pending: index % 2 === 1 }));
    const pixels = cellPixels(half, division.length, maxLevel);
    const colours = Array.from({ length: pixels.length / 4 }, (_, at) => {
      const [r, g, b] = pixels.subarray(4 * at);
      return `rgb(${r} ${g} ${b})`;
    });
    expect(colours).toEqual(rows.flatMap((row) => row.levels.map((level) => levelColour(level / maxLevel))));
    const opacities = half.flatMap((_, row) =>
      division.map((_, stage) => pixels[4 * (row * division.length + stage) + 3]),
    );
    expect(opacities.every((value, at) => (Math.floor(at / division.length) % 2 ? value! < 255 : value === 255))).toBe(
      true,
    );
  });

  /** Records what is painted. */
  function record(ratio: number) {
    const images: number[][] = [];
    const texts: string[] = [];
    const context = {
      setTransform() {},
      clearRect() {},
      drawImage: (_: unknown, ...box: number[]) => images.push(box),
      fillText: (text: string) => texts.push(text),
    };
    const offscreen = class {
      getContext() {
        return { putImageData() {} };
      }
    };
    vi.stubGlobal("OffscreenCanvas", offscreen);
    vi.stubGlobal("ImageData", class {});
    const { rows, division, maxLevel } = need(selectAllRows(store.getState()));
    const layout = { width: 333, rowHeight: 20, spans: stageSpans(division), ratio, maxLevel };
    paintHeatmap(context as unknown as CanvasRenderingContext2D, rows, layout);
    vi.unstubAllGlobals();
    return { images, texts, rows, stages: division.length };
  }

  test.each([1, 2, 1.5])("are stretched stage by stage, without a gap, to whole device pixels at ratio %d", (ratio) => {
    const { images, texts, rows, stages } = record(ratio);
    let edge = 0;
    for (const [stage, [sx, sy, sw, sh, left = NaN, top, width = NaN, height]] of images.entries()) {
      expect([sx, sy, sw, sh]).toEqual([stage, 0, 1, rows.length]);
      expect([left, top, height]).toEqual([edge, 0, Math.round(20 * rows.length * ratio)]);
      edge = left + width;
    }
    expect([images.length, edge]).toEqual([stages, Math.round(333 * ratio)]);
    expect(texts).toEqual(rows.flatMap((row) => row.levels.map(String)));
  });
});

describe("the population of a generation", () => {
  test("has its rows alone, and the fittest until then pinned", () => {
    const all = need(selectAllRows(store.getState()));
    const row = (generation: number, rank: number, fitness: number, pending = false) => ({
      ...need(all.rows[0]),
      ...{ generation, rank, fitness, pending },
    });
    const rows = [row(0, 0, 0.5), row(0, 1, 0.2), row(1, 0, 0.8), row(1, 1, 0.5), row(2, 0, 0.8), row(3, 0, 0.9, true)];
    const pinned = [0.5, 0.8, 0.8, 0.8].map((fitness) => rows.find((found) => found.fitness === fitness));
    for (const generation of [0, 1, 2, 3]) {
      const population = populationOf({ ...all, rows }, generation);
      expect(population.rows).toEqual(rows.filter((found) => found.generation === generation));
      expect(population.pinned).toBe(pinned[generation]);
      expect(population.best).toBe(generation < 2 ? 0 : undefined);
    }
  });
});

describe("stages on an axis", () => {
  const division = [
    { high: 999, low: 550 },
    { high: 549, low: 100 },
    { high: 99, low: 0 },
  ];

  test("are as wide as their timesteps and leave no gap", () => {
    expect(stageSpans(division)).toEqual([
      { left: 0, width: 0.45 },
      { left: 0.45, width: 0.45 },
      { left: 0.9, width: 0.1 },
    ]);
  });

  test("are named with timesteps and steps, both counted as people count", () => {
    const stageOfStep = [0, 0, 1, 2];
    expect(stepsOfStage(stageOfStep, 0)).toBe("1–2");
    expect(stepsOfStage([0], 1)).toBe("none");
    expect(stageText(division, stageOfStep, 2)).toBe("stage 3 of 3, t 99–0, steps 4");
  });
});

test("every chart of the shelf finds something to draw in a finished run", () => {
  for (const { select } of Object.values(charts)) expect(select(store.getState())).toBeDefined();
});
