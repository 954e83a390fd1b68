// How views looked when a person last looked at them: screenshots, shrunk so that fonts of other machines hardly matter,
// kept in e2e/references. `npx playwright test references --update-snapshots` takes them anew; look at them before they stay.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, type Page, type TestInfo } from "@playwright/test";
import { PNG } from "pngjs";

const FOLDER = join(import.meta.dirname, "references");
/** Widths in CSS pixels, and how many pixels become one. */
const SIZES = [
  { width: 1440, height: 900, shrink: 5 },
  { width: 820, height: 1100, shrink: 4 },
  { width: 400, height: 860, shrink: 3 },
] as const;
/** Of 255: a shrunk pixel that differs by more shows something else. */
const DIFFERS = 40;
/** Share of such pixels that other fonts and other machines' times may explain. */
const TOLERATED = 0.03;

/** Three widths in light and dark, as references or against them; none is wider than its window. */
export async function expectReference(page: Page, info: TestInfo, name: string): Promise<void> {
  await lieWith(page, "static"); // what stays at the window's edge would lie somewhere in a picture of the whole page
  for (const { shrink, ...size } of SIZES) {
    await page.setViewportSize(size);
    // Drawings are measured anew once they are told of their room.
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const file = `${name}-${size.width}-${colorScheme}.png`;
      const path = info.outputPath(file);
      const taken = PNG.sync.read(await page.screenshot({ path, fullPage: true, animations: "disabled" }));
      await compare(shrunk(taken, shrink), join(FOLDER, file), info);
    }
  }
  await lieWith(page, "");
}

/** Where the button that begins a search lies; by script, as the page's policy allows no other styles than its own. */
async function lieWith(page: Page, position: string): Promise<void> {
  const launch = page.locator(".launch");
  await launch.evaluate((element, value) => element.style.setProperty("position", value, "important"), position);
}

async function compare(picture: PNG, path: string, info: TestInfo): Promise<void> {
  if (["all", "changed"].includes(info.config.updateSnapshots)) {
    await mkdir(dirname(path), { recursive: true });
    return writeFile(path, PNG.sync.write(picture, { colorType: 2 }));
  }
  const reference = PNG.sync.read(await readFile(path));
  expect.soft(picture.width, `${path}: width`).toBe(reference.width);
  expect.soft(Math.abs(picture.height / reference.height - 1), `${path}: height`).toBeLessThan(TOLERATED);
  expect.soft(difference(picture, reference), `${path}: share of pixels that differ`).toBeLessThan(TOLERATED);
}

/** Share of pixels that show something else, where both pictures have some. */
export function difference(a: PNG, b: PNG): number {
  const bytes = 4 * Math.min(a.width, b.width) * Math.min(a.height, b.height);
  let differing = 0;
  for (let at = 0; at < bytes; at += 4)
    if ([0, 1, 2].some((channel) => Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0)) > DIFFERS))
      differing += 1;
  return (4 * differing) / bytes;
}

/** Means of squares of `by` x `by` pixels; what is left at the edges falls away. */
export function shrunk({ width, height, data }: PNG, by: number): PNG {
  const small = new PNG({ width: Math.floor(width / by), height: Math.floor(height / by) });
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++)
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let dy = 0; dy < by; dy++)
          for (let dx = 0; dx < by; dx++) sum += data[4 * (width * (by * y + dy) + by * x + dx) + channel] ?? 0;
        small.data[4 * (small.width * y + x) + channel] = sum / by ** 2;
      }
  return small;
}
