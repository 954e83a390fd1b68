import { expect, test } from "vitest";
import { inkOn, levelColour } from "../../core/colour-scales.ts";
import { judgeClaims } from "../bench/tables/claims.ts";
import { summaryOf } from "../bench/tables/summary.ts";
import type { MeasuredRow, TableReport } from "../bench/tables/table.ts";
import { measuredTable, verdictOf } from "./measured-table.ts";
import { schedulesPicture } from "./schedules-picture.ts";

const row = (name: string, seed: number, fid: number, ssim: number, quality: number): MeasuredRow => ({
  cells: [name],
  seed,
  shown: true,
  ...(name !== "dense" && { schedule: { division: [{ high: 999, low: 0 }], levels: [6], bank: "b" } }),
  levels: name === "dense" ? [0, 0] : [4, 8],
  macs: name === "dense" ? 1.78e9 : 0.92e9,
  denseMacs: 1.78e9,
  sparsity: name === "dense" ? 0 : 0.5,
  values: { fid, ssim, quality },
  seconds: { finding: 1, evaluating: 1 },
});
const rows = [
  row("dense", 0, 2.1, 1, 0.83),
  ...[0, 1, 2].map((seed) => row("searched", seed, 9 + seed, 0.9, 0.85)),
  ...[0, 1, 2].map((seed) => row("uniform", seed, 12.5 + seed, 0.8, 0.7)),
];
const claims = judgeClaims([{ says: "searched better than uniform", better: ["searched"], worse: ["uniform"] }], rows);
const report: TableReport = {
  scale: "nano",
  pictures: 20,
  columns: ["schedule"],
  total: 9,
  coreHours: 0.1,
  summary: summaryOf(rows),
  claims,
  rows,
};

test("a line has its mean and interval, what pleases more than dense is marked, and missing rows are told", () => {
  const [part, table] = measuredTable(report, ["fid", "ssim", "quality"]);
  expect(part).toBe("7 of 9 rows are measured so far.");
  expect(table?.split("\n")).toEqual([
    "| schedule | seeds | GMACs | FID | SSIM | quality |",
    "| --- | --- | --- | --- | --- | --- |",
    "| dense | 1 | 1.78 | 2.10 | 1.000 | 0.830 |",
    "| searched | 3 | 0.92 | 10.00 ± 2.48 | 0.900 | 0.850 ‡ |",
    "| uniform | 3 | 0.92 | 13.50 ± 2.48 | 0.800 | 0.700 |",
  ]);
});

test("one setting is told with its difference, several by how many there are", () => {
  expect(verdictOf(claims)[1]).toBe(
    "- searched better than uniform: holds by FID (by 3.50); holds by SSIM (by 0.100).",
  );
  expect(verdictOf([...claims, ...claims])[1]).toMatch(
    "by FID in 2 of 2 (2 certainly, and the opposite certainly in 0); by SSIM in 2 of 2",
  );
  expect(verdictOf([])).toEqual([]);
});

test("schedules are drawn in the colours of their levels, the highest level being what the sparsity says", () => {
  const picture = schedulesPicture(rows.filter(({ schedule }) => schedule));
  expect(picture.match(/<rect /g)?.length).toBe(6 * 2);
  expect(picture).toContain(`fill="${levelColour(4 / 12)}"`);
  expect(picture).toContain(`fill="${inkOn(8 / 12)}">8</text>`);
});
