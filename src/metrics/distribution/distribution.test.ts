import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tensor } from "../../core/tensor.ts";
import { unpack } from "../../testing/fixture.ts";
import fixture from "../../testing/fixtures/distribution.json" with { type: "json" };
import { FeatureGatherer, type FeatureStatistics, type GatherOptions, type Seen } from "../parts/feature-statistics.ts";
import { distributions } from "./index.ts";

/** All pictures at once, or in batches. */
function gather(dimension: number, seen: Seen, options: GatherOptions = {}, batch = Infinity): FeatureStatistics {
  const gatherer = new FeatureGatherer(dimension, options);
  const count = seen.features.shape[0] as number;
  const part = ({ shape, data }: Seen["features"], from: number, to: number) => {
    const width = shape[1] as number;
    return tensor(data.slice(from * width, to * width), [to - from, width]);
  };
  for (let from = 0; from < count; from += batch) {
    const to = Math.min(count, from + batch);
    gatherer.add({
      features: part(seen.features, from, to),
      logits: seen.logits && part(seen.logits, from, to),
      labels: seen.labels?.slice(from, to),
    });
  }
  return gatherer.statistics();
}

function rows(data: Float32Array, dimension: number) {
  return tensor(data, [data.length / dimension, dimension]);
}

const cases = fixture.cases.map(({ name, dimension, classes, samples, real, logits, labels, values }) => {
  const features = rows(unpack(samples), dimension);
  const seen = { features, logits: rows(unpack(logits), classes), labels: Int32Array.from(labels) };
  return { name, dimension, values, seen, real: { features: rows(unpack(real), dimension) } };
});

describe.each(cases)("$name: parity with SciPy in float64", ({ dimension, values, seen, real }) => {
  test.each(Object.entries(values))("%s is %d", (id, expected) => {
    const set = gather(dimension, seen, { splitSize: fixture.splitSize });
    const { value } = distributions.get(id).measure(set, gather(dimension, real));
    expect(Math.abs(value - expected)).toBeLessThan(1e-7 * Math.abs(expected) + 1e-12);
  });

  test("does not depend on the batches in which pictures come", () => {
    const [whole, split] = [Infinity, 7].map((batch) => gather(dimension, seen, { splitSize: 20 }, batch)) as [
      FeatureStatistics,
      FeatureStatistics,
    ];
    const reference = gather(dimension, real);
    for (const id of distributions.ids)
      expect(distributions.get(id).measure(split, reference)).toEqual(distributions.get(id).measure(whole, reference));
  });
});

const cloud = (count: number) =>
  fc
    .array(fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }), {
      minLength: count,
      maxLength: count + 10,
    })
    .map((points) => gather(4, { features: rows(Float32Array.from(points.flat()), 4) }));
const measured = (id: string, set: FeatureStatistics, reference: FeatureStatistics) =>
  distributions.get(id).measure(set, reference).value;

describe("whatever the sets", () => {
  test("FID and KID are the same both ways, and FID of a set with itself is nothing", () => {
    fc.assert(
      fc.property(cloud(5), cloud(5), (a, b) => {
        for (const id of ["fid", "kid"]) {
          const there = measured(id, a, b);
          expect(Math.abs(there - measured(id, b, a))).toBeLessThan(1e-6 * Math.max(1, Math.abs(there)));
        }
        expect(measured("fid", a, a)).toBeLessThan(1e-6);
        expect(measured("fid", a, b)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("precision one way is recall the other way, and a set covers itself", () => {
    fc.assert(
      fc.property(cloud(5), cloud(5), (a, b) => {
        expect(measured("precision", a, b)).toBe(measured("recall", b, a));
        expect(measured("precision", a, a)).toBe(1);
      }),
    );
  });
});

describe("what was not gathered is told", () => {
  const { dimension, seen, real } = cases[0] as (typeof cases)[number];
  const set = gather(dimension, { features: seen.features });
  const momentsOnly = gather(dimension, real, { keep: 0 });

  test.each([
    ["fid", undefined, "FID: there are no reference statistics; give some"],
    ["kid", momentsOnly, "KID: the reference has moments but no features; make its statistics from the pictures"],
    ["precision", momentsOnly, "precision: the reference has moments but no features"],
    ["inception-score", undefined, "Inception Score: the network has no classes"],
    ["accuracy", undefined, "class accuracy: no picture has a label"],
    ["recall", gather(2, { features: rows(new Float32Array(8), 2) }), "features of 6 and, of the reference, of 2"],
  ] as const)("%s", (id, reference, message) => {
    expect(() => distributions.get(id).measure(set, reference)).toThrow(message);
  });

  test("FID needs moments only", () => {
    expect(measured("fid", set, momentsOnly)).toBe(measured("fid", set, gather(dimension, real)));
  });

  test("three pictures have no third neighbours", () => {
    const three = gather(dimension, { features: rows(seen.features.data.slice(0, 18), 6) });
    expect(() => measured("recall", three, set)).toThrow("3 vectors have no neighbour 3; give more than 3");
  });

  test("a broken picture is named by its place", () => {
    const broken = new Float32Array(24);
    broken[13] = Number.NaN;
    const gatherer = new FeatureGatherer(6);
    gatherer.add({ features: rows(seen.features.data.slice(0, 60), 6) });
    expect(() => gatherer.add({ features: rows(broken, 6) })).toThrow("of picture 2 after the first 10");
  });
});

test("FID of a covariance that is not finite is refused, wherever it is broken", () => {
  const { dimension, seen } = cases[0] as (typeof cases)[number];
  const set = gather(dimension, seen);
  for (const place of [0, 1, 35]) {
    const covariance = set.gaussian.covariance.slice();
    covariance[place] = Number.NaN;
    const broken = { ...set, gaussian: { ...set.gaussian, covariance } };
    for (const [a, b] of [
      [set, broken],
      [broken, set],
    ] as const)
      expect(() => measured("fid", a, b)).toThrow("Fréchet distance: a mean or a covariance is not finite");
  }
});

test("FID warns as long as there are few pictures", () => {
  const points = rows(
    Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i * i)),
    1,
  );
  const many = gather(1, { features: points });
  const warningFor = (count: number) => {
    const few = gather(1, { features: rows(points.data.slice(0, count), 1) });
    return distributions.get("fid").measure(few, many).warning;
  };
  expect(warningFor(10_000)).toBeUndefined();
  expect(warningFor(2_000)).toMatch("biased upwards with 2000 pictures (less than 10000)");
  const { seen, real } = cases[2] as (typeof cases)[number];
  const { warning } = distributions.get("fid").measure(gather(16, seen), gather(16, real));
  expect(warning).toMatch("9 pictures do not span 16 features");
});

test("only so many features are kept as are asked for", () => {
  const { dimension, seen } = cases[0] as (typeof cases)[number];
  const kept = gather(dimension, seen, { keep: 10 }, 7).rows.data;
  expect(kept).toEqual(seen.features.data.slice(0, 10 * dimension));
});
