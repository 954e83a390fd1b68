import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { SearchResult } from "../engine/api.ts";
import { readRunFile } from "../formats/run-file.ts";
import { type RunReport, runReport } from "./run-report.ts";

const result = readRunFile(readFileSync("public/stored-run/run.json", "utf8"), (problem) => {
  throw new Error(problem);
}) as SearchResult;
const PNG = "data:image/png;base64,AAAA";
const report = (change: Partial<RunReport> = {}): string =>
  runReport({
    title: "Mine",
    result,
    pictures: result.comparisons.map(({ id }) => ({ id, pictures: [PNG, PNG] })),
    classes: ["planet", "fish"],
    environment: [["Browser", "Chromium"]],
    link: "https://example.org/studio/#seed=1",
    model: ["--model", "public/models/tiny-worlds"],
    made: "2026-01-31",
    ...change,
  });

describe("a report", () => {
  const html = report();

  test("needs nothing else: no script, no address but data and the link", () => {
    expect(html).not.toMatch(/<script|<link|@import|url\(/);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(new Set(addresses)).toEqual(new Set([PNG, "https://example.org/studio/#seed=1"]));
    expect(addresses.filter((address) => address === PNG)).toHaveLength(8);
  });

  test("tells every schedule's levels and its mean on the held-out pictures", () => {
    for (const { schedule, heldOut } of result.comparisons) {
      if (schedule) expect(html).toContain(`<td>${schedule.levels.join(" ")}</td>`);
      const mean = heldOut.reduce((sum, value) => sum + value, 0) / heldOut.length;
      expect(html).toContain(mean.toFixed(4));
    }
    expect(html).toContain(result.historyHash);
  });

  test("draws a bar for each stage, as wide as its timesteps and as high as its level", () => {
    const bars = [...html.matchAll(/<rect x="([\d.]+)%" y="[\d.]+" width="([\d.]+)%" height="([\d.]+)"/g)];
    const schedules = result.comparisons.flatMap(({ schedule }) => schedule ?? []);
    expect(bars).toHaveLength(schedules.reduce((sum, { levels }) => sum + levels.length, 0));
    const widths = bars.reduce((sum, [, , width]) => sum + Number(width), 0);
    expect(widths).toBeCloseTo(100 * schedules.length, 1);
    const levels = schedules.flatMap((schedule) => schedule.levels);
    const drawn = bars.map(([, , , height]) => (Number(height) / 64) * result.space.maxLevel);
    expect(drawn.map(Math.round)).toEqual(levels);
  });

  test("takes nobody's words for markup", () => {
    const hostile = report({ title: `<img onerror="x">&`, environment: [["<b>", '"</dl>']] });
    expect(hostile).not.toMatch(/<img onerror|<b>|"<\/dl>/);
    expect(hostile).toContain("<title>&lt;img onerror=&quot;x&quot;>&amp; · Diff-ES Studio</title>");
  });

  test("says so when no pictures could be drawn, and when a person had a hand in it", () => {
    expect(report({ pictures: [], classes: [] })).toContain("None could be drawn");
    const [first, ...others] = result.generations;
    const population = first?.population.map((member, i) =>
      i === 0 ? { ...member, origin: { kind: "injected" } } : member,
    );
    const injected = { ...result, generations: [{ survivors: 1, population: population ?? [] }, ...others] };
    expect(report({ result: injected })).toContain("put in by hand");
    expect(html).not.toContain("put in by hand");
  });

  test("one held-out picture gives an interval without end, which has no line", () => {
    const unbounded = { mean: 0.1, low: null, high: null } as unknown as SearchResult["verdict"]["againstUniform"];
    const verdict = { againstUniform: unbounded, againstMosaic: unbounded, better: false };
    expect(report({ result: { ...result, verdict } })).toContain("+0.1000 (– to –)");
  });
});
