import { expect, test } from "vitest";
import { judgeClaims } from "./claims.ts";
import { summaryOf } from "./summary.ts";
import type { MeasuredRow } from "./table.ts";

const rowsOf = (name: string, values: readonly { fid: number; ssim: number }[]): MeasuredRow[] =>
  values.map((own, seed) => ({
    cells: ["OBS", name],
    seed,
    shown: false,
    levels: [6, 6],
    macs: 1e9,
    denseMacs: 2e9,
    sparsity: 0.5,
    values: own,
    seconds: { finding: 1, evaluating: 2 },
  }));
const claim = { says: "a better than b", better: ["OBS", "a"], worse: ["OBS", "b"] };
const outcomes = (rows: readonly MeasuredRow[]) => judgeClaims([claim], rows).map(({ outcome }) => outcome);

test("a line is the mean over seeds with Student's interval; one seed has none", () => {
  const rows = rowsOf(
    "a",
    [1, 2, 3].map((fid) => ({ fid, ssim: 0.9 })),
  );
  const [line] = summaryOf(rows);
  expect(line).toMatchObject({ cells: ["OBS", "a"], seeds: 3, macs: { mean: 1e9, reach: 0 } });
  expect(line?.values.fid?.mean).toBe(2);
  expect(line?.values.fid?.reach).toBeCloseTo(2.4841377117503, 12); // scipy.stats.t.ppf(0.975, 2) / sqrt(3)
  expect(summaryOf(rows.slice(0, 1))[0]?.values.fid).toEqual({ mean: 1 });
});

test("what seeds have in common cancels: a small gain that every seed has holds", () => {
  const a = rowsOf("a", [
    { fid: 10, ssim: 0.8 },
    { fid: 20, ssim: 0.9 },
    { fid: 30, ssim: 0.7 },
  ]);
  const b = rowsOf("b", [
    { fid: 11, ssim: 0.79 },
    { fid: 21.1, ssim: 0.89 },
    { fid: 31.05, ssim: 0.73 },
  ]);
  expect(outcomes([...a, ...b])).toEqual(["holds", "fails in the mean"]);
  expect(judgeClaims([claim], [...a, ...b])[0]?.difference.mean).toBeCloseTo(1.05, 10);
});

test("of one seed it is said in the mean only; what is ruined on both sides is nobody's", () => {
  expect(outcomes([...rowsOf("a", [{ fid: 5, ssim: 0.9 }]), ...rowsOf("b", [{ fid: 6, ssim: 0.95 }])])).toEqual([
    "holds in the mean",
    "fails in the mean",
  ]);
  expect(outcomes([...rowsOf("a", [{ fid: 5, ssim: 0.5 }]), ...rowsOf("b", [{ fid: 60, ssim: 0.2 }])])).toEqual([
    "both ruined",
    "both ruined",
  ]);
});

test("the same on both sides is no difference", () => {
  const same = (name: string) => rowsOf(name, [{ fid: 5, ssim: 0.9 }]);
  expect(outcomes([...same("a"), ...same("b")])).toEqual(["no difference", "no difference"]);
});

test("nothing is claimed of rows that were not measured", () => {
  expect(judgeClaims([claim], rowsOf("a", [{ fid: 5, ssim: 0.9 }]))).toEqual([]);
});
