import { expect, test } from "vitest";
import type { Summary } from "../bench/tables/summary.ts";
import { frontPicture } from "./front-picture.ts";

const line = (name: string, macs: number, fid: number, ssim: number): Summary => ({
  cells: ["", name],
  seeds: 1,
  macs: { mean: macs },
  values: { fid: { mean: fid }, ssim: { mean: ssim } },
});

test("cheap is left, and the lowest and the highest value lie on the ends of their axis", () => {
  const lines = [line("dense", 2e9, 2, 1), line("searched", 1.5e9, 4, 0.9), line("searched", 1e9, 10, 0.8)];
  const picture = frontPicture(lines);
  const panels = [...picture.matchAll(/<polyline points="([^"]*)"/g)].map(([, points = ""]) =>
    points.split(" ").map((point) => point.split(",").map(Number)),
  );
  expect(panels.map((points) => points.length)).toEqual([1, 2, 1, 2]); // dense and searched, by FID and by SSIM
  const [dense, searched, , likeness] = panels as [number[][], number[][], number[][], number[][]];
  expect(searched.map(([x]) => x)).toEqual([56, 206]);
  expect(dense[0]).toEqual([356, 274]); // lowest FID, below
  expect(searched[0]?.[1]).toBe(34);
  expect(likeness[0]?.[1]).toBe(274); // lowest SSIM, below
  expect(picture.match(/<circle /g)?.length).toBe(2 * lines.length);
});
