import fc from "fast-check";
import { expect, test } from "vitest";
import { pannedBy, WHOLE, type Zoom, zoomedBy } from "./zoom.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = fc.record({ x: share, y: share });
const factor = fc.double({ min: 0.1, max: 10, noNaN: true });
const moves = fc.array(fc.oneof(fc.record({ factor, at: place }), fc.record({ by: place })), { maxLength: 20 });
const after = (steps: typeof moves extends fc.Arbitrary<infer M> ? M : never): Zoom =>
  steps.reduce<Zoom>(
    (zoom, step) => ("by" in step ? pannedBy(zoom, step.by) : zoomedBy(zoom, step.factor, step.at)),
    WHOLE,
  );

test("the frame is always filled", () => {
  fc.assert(
    fc.property(moves, (steps) => {
      const { scale, x, y } = after(steps);
      expect(scale).toBeGreaterThanOrEqual(1);
      for (const corner of [x, y]) {
        expect(corner).toBeGreaterThanOrEqual(0);
        expect(corner + 1 / scale).toBeLessThanOrEqual(1 + 1e-12);
      }
    }),
  );
});

test("zooming in keeps what is under the pointer, and out again comes back", () => {
  fc.assert(
    fc.property(moves, place, fc.double({ min: 1, max: 4, noNaN: true }), (steps, at, closer) => {
      const before = zoomedBy(after(steps), 0.25); // so that there is room to zoom in
      const under = (zoom: Zoom) => [zoom.x + at.x / zoom.scale, zoom.y + at.y / zoom.scale];
      const zoomed = zoomedBy(before, closer, at);
      for (const [i, value] of under(zoomed).entries()) expect(value).toBeCloseTo(under(before)[i] as number, 9);
      const back = zoomedBy(zoomed, 1 / closer, at);
      for (const key of ["scale", "x", "y"] as const) expect(back[key]).toBeCloseTo(before[key], 9);
    }),
  );
});

test("a picture follows the hand", () => {
  const zoom = zoomedBy(WHOLE, 4);
  expect(pannedBy(zoom, { x: 0.5, y: 0 }).x).toBeCloseTo(zoom.x - 0.125, 12);
});
