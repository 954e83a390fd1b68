// How long the heatmap of a whole search takes to paint in Chromium: the paper's 100 generations, each of 4 survivors and
// 16 children, in 20 stages. Reading a pixel back after each painting waits until it is really on the canvas.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { stream } from "../../../core/rng.ts";
import type { OutsideBench } from "../bench.ts";
import { openBrowser, visit } from "./browser.ts";

const ROWS = 2000;
const STAGES = 20;
const MAX_LEVEL = 16;
/** CSS pixels of the heatmap in a window of 1440, on a dense screen. */
const LAYOUT = { width: 560, ratio: 2, maxLevel: MAX_LEVEL };
/** All at once, a device pixel each; and as many as the page has in sight, at their least height. */
const VIEWS = { whole: { rows: ROWS, rowHeight: 0.5 }, inSight: { rows: 144, rowHeight: 3 } };
const FRAMES = 60;

export const heatmap: OutsideBench = {
  help: "painting the heatmap of 100 generations of 20 schedules in 20 stages, in Chromium",
  async observe({ folder }, context) {
    await build({
      build: {
        outDir: folder,
        emptyOutDir: true,
        lib: { entry: "src/ui/charts/paint-heatmap.ts", formats: ["es"], fileName: "paint" },
      },
      publicDir: false,
      logLevel: "error",
    });
    const source = await readFile(join(folder, "paint.js"), "utf8");
    return openBrowser(context, async (browser) => ({
      browser: browser.version(),
      rows: ROWS,
      stages: STAGES,
      whole: await visit(browser, (tab) => paintFrames(tab, source, VIEWS.whole)),
      inSight: await visit(browser, (tab) => paintFrames(tab, source, VIEWS.inSight)),
    }));
  },
};

/** Milliseconds of a frame: a screen of 60 frames a second leaves it 16.7. */
async function paintFrames(tab: Page, source: string, { rows: count, rowHeight }: typeof VIEWS.whole) {
  const random = stream(0, "heatmap");
  const rows = Array.from({ length: count }, (_, index) => ({
    levels: Array.from({ length: STAGES }, () => random.below(MAX_LEVEL + 1)),
    pending: index >= count - 8,
  }));
  const spans = Array.from({ length: STAGES }, (_, stage) => ({ left: stage / STAGES, width: 1 / STAGES }));
  const address = `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`;
  const times = await tab.evaluate(
    async ({ address, rows, layout, frames }) => {
      const { paintHeatmap } = await import(address);
      const canvas = document.createElement("canvas");
      canvas.width = layout.width * layout.ratio;
      canvas.height = rows.length * layout.rowHeight * layout.ratio;
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      const times: number[] = [];
      for (let frame = 0; frame < frames; frame++) {
        const started = performance.now();
        paintHeatmap(context, rows, layout);
        context.getImageData(0, 0, 1, 1);
        times.push(performance.now() - started);
        await new Promise(requestAnimationFrame);
      }
      return times;
    },
    { address, rows, layout: { ...LAYOUT, rowHeight, spans }, frames: FRAMES },
  );
  const sorted = times.slice(5).sort((a, b) => a - b); // the first ones warm up
  const at = (share: number) => Number((sorted[Math.floor(share * (sorted.length - 1))] as number).toFixed(2));
  return { frames: sorted.length, medianMilliseconds: at(0.5), slowestOf20Milliseconds: at(0.95) };
}
