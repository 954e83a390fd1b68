import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inkOn, levelColour, lossScale, lossShare } from "../core/colour-scales.ts";

type Rgb = readonly number[];
const luminance = (rgb: Rgb) => {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: Rgb, b: Rgb) => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const hex = (text: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
const numbers = (text: string): Rgb => (text.match(/\d+/g) ?? []).map(Number);

describe.each([
  ["levels", levelColour, inkOn],
  ["losses", lossScale.colour, lossScale.ink],
])("%s", (_, colour, ink) => {
  test("grow lighter with every step, so that order can be seen without colour vision", () => {
    const lights = Array.from({ length: 13 }, (_, level) => luminance(numbers(colour(level / 12))));
    expect(lights).toEqual([...lights].sort((a, b) => a - b));
    expect(new Set(lights).size).toBe(13);
  });

  test("carry numbers that can be read, 4.5:1 or more", () => {
    for (let level = 0; level <= 28; level++) {
      const share = level / 28;
      expect(contrast(numbers(colour(share)), hex(ink(share)))).toBeGreaterThan(4.5);
    }
  });
});

test("a loss lies between harmless and the highest, also where none is", () => {
  expect([-1, 0, 1, 4].map((loss) => lossShare(loss, 4))).toEqual([0, 0, 0.5, 1]);
  expect(lossShare(0, 0)).toBe(0);
});

describe("text on surfaces, 4.5:1 or more in light and dark", () => {
  const css = readFileSync(new URL("./theme.css", import.meta.url), "utf8");
  /** A custom property as [light, dark]. */
  const token = (name: string): readonly [Rgb, Rgb] => {
    const [, light = "", dark = ""] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css) ?? [];
    return [hex(light), hex(dark)];
  };
  const surfaces = ["ground", "surface", "inset", "raised"];
  const texts = ["ink", "ink-2", "ink-3", "accent", "danger", "uniform", "mosaic", "yours"];
  const pairs = texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const));

  test.each([...pairs, ["on-accent", "accent"], ["ink-3", "accent-soft"], ["ink", "danger-soft"]] as const)(
    "%s on %s",
    (text, surface) => {
      for (const mode of [0, 1] as const)
        expect(contrast(token(text)[mode], token(surface)[mode])).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["surface", "inset", "raised"])("borders of controls on %s, 3:1 or more", (surface) => {
    for (const mode of [0, 1] as const)
      expect(contrast(token("edge")[mode], token(surface)[mode])).toBeGreaterThanOrEqual(3);
  });
});
