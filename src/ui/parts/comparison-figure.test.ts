import { expect, test } from "vitest";
import { comparisonFigure } from "./comparison-figure.ts";

const figure = comparisonFigure({
  names: ["Dense", 'OBS <"50 %">'],
  rows: [
    {
      name: "flower & fern",
      cells: [
        { href: "data:,a", note: "" },
        { href: "data:,b", note: "SSIM 0.9123" },
      ],
    },
    {
      name: "house",
      cells: [
        { href: "data:,c", note: "" },
        { href: "data:,d", note: "SSIM 0.8" },
      ],
    },
  ],
  notes: ["largest disagreement first", "20 steps"],
});

test("has every picture in its column and row", () => {
  const places = [...figure.matchAll(/<image x="(\d+)" y="(\d+)"[^>]*href="([^"]*)"/g)].map(([, x, y, href]) => ({
    x,
    y,
    href,
  }));
  expect(places.map(({ href }) => href)).toEqual(["data:,a", "data:,b", "data:,c", "data:,d"]);
  const [a, b, c] = places;
  expect([a?.y, a?.x]).toEqual([b?.y, c?.x]);
  expect(Number(b?.x)).toBeGreaterThan(Number(a?.x));
  expect(Number(c?.y)).toBeGreaterThan(Number(a?.y));
});

test("prints the rule, and no text breaks the markup", () => {
  expect(figure).toContain(">largest disagreement first</text>");
  expect(figure).toContain("flower &amp; fern");
  expect(figure).toContain("OBS &lt;&quot;50 %&quot;>");
  expect(figure.match(/<text/g)).toHaveLength(2 + 2 + 4 + 2);
});
