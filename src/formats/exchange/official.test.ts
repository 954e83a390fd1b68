import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromOfficial, intendedRemovals, officialRemovals, type Scale, toOfficial } from "./official.ts";

/** DiT-XL/2: 28 blocks, 16 heads, 4608 channels. */
const XL: Scale = { method: "obs", kind: "width", sizes: { depth: 28, heads: 16, channels: 4608 } };
const known = () => expect.unreachable("nothing to report");

/** Observed on the released OBS reader at H = 16; a level of channels is 288. */
const OBSERVED = {
  heads: [1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14, 15],
  channels: [1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15],
};

describe("DiT-XL/2 with OBS", () => {
  test("the released reader removes what was observed at every level", () => {
    const removed = officialRemovals(XL);
    expect(removed.map(({ heads }) => heads)).toEqual(OBSERVED.heads);
    expect(removed.map(({ channels }) => Number(channels) / 288)).toEqual(OBSERVED.channels);
  });

  test("a level is meant to be one head and 288 channels", () => {
    for (const [level, removed] of intendedRemovals(XL).entries())
      expect(removed).toEqual({ heads: level, channels: 288 * level });
  });

  test("the reader is told one level more from half-way on; dense and empty stages are listed", () => {
    const { levels, inexpressible } = toOfficial([16, 15, 8, 7, 1, 0], XL);
    expect(levels).toEqual([16, 16, 9, 7, 1, 0]);
    expect(inexpressible).toEqual([
      {
        stage: 0,
        level: 16,
        written: 16,
        wanted: { heads: 16, channels: 4608 },
        removed: { heads: 15, channels: 4320 },
      },
      { stage: 5, level: 0, written: 0, wanted: { heads: 0, channels: 0 }, removed: { heads: 1, channels: 288 } },
    ]);
  });

  test("a level at which heads and channels round apart is nobody's level", () => {
    const reports: string[] = [];
    fromOfficial([9, 8, 0], XL, (problem) => reports.push(problem));
    expect(reports).toEqual(["stage 1 has level 8, at which 8 heads and 2016 channels are removed: no one level does"]);
  });
});

/** Channels in whole levels, more to a level than there are heads: as in every DiT. */
const scales = fc
  .record({
    depth: fc.integer({ min: 1, max: 64 }),
    heads: fc.integer({ min: 2, max: 64 }),
    share: fc.integer({ min: 65, max: 300 }),
  })
  .map(({ depth, heads, share }): Scale => ({ ...XL, sizes: { depth, heads, channels: heads * share } }));

describe("any model", () => {
  test("with OBS every level but the first and the last can be told, and comes back", () => {
    fc.assert(
      fc.property(scales, (scale) => {
        const { heads } = scale.sizes;
        const inner = Array.from({ length: heads - 1 }, (_, index) => index + 1);
        const { levels, inexpressible } = toOfficial([...inner, 0, heads], scale);
        expect(inexpressible.map(({ level }) => level)).toEqual([0, heads]);
        expect(fromOfficial(levels.slice(0, -2), scale, known)).toEqual(inner);
      }),
    );
  });

  test("first-order methods mean what they say", () => {
    fc.assert(
      fc.property(scales, fc.constantFrom("wanda", "magnitude", "activation"), (scale, method) => {
        const levels = Array.from({ length: scale.sizes.heads + 1 }, (_, level) => level);
        expect(toOfficial(levels, { ...scale, method })).toEqual({ levels, inexpressible: [] });
      }),
    );
  });

  test("LayerDrop loses a block where floating point does: one of 49 blocks is level 2", () => {
    const scale = (depth: number): Scale => ({
      ...XL,
      method: "layerdrop",
      kind: "depth",
      sizes: { ...XL.sizes, depth },
    });
    const all = (depth: number) => Array.from({ length: depth + 1 }, (_, level) => level);
    expect(toOfficial(all(28), scale(28))).toEqual({ levels: all(28), inexpressible: [] });
    expect(officialRemovals(scale(70))[47]).toEqual({ blocks: 46 });
    expect(officialRemovals(scale(49))[1]).toEqual({ blocks: 0 });
    expect(toOfficial([1], scale(49))).toEqual({ levels: [2], inexpressible: [] });
  });
});
