import fc from "fast-check";
import { expect, test } from "vitest";
import { begun, type History, recorded, redone, undone } from "./history.ts";

const values = fc.array(fc.integer(), { maxLength: 30 });
const written = (all: readonly number[]): History<number> => all.reduce(recorded<number>, begun(0));
const times = <T>(count: number, change: (value: T) => T, value: T): T =>
  Array.from({ length: count }).reduce<T>(change, value);

test("what is undone comes back in order", () => {
  fc.assert(
    fc.property(values, fc.nat(40), (all, back) => {
      const history = written(all);
      const there = times(back, undone<number>, history);
      expect(there.now).toBe([0, ...all][Math.max(0, all.length - back)]);
      expect(times(Math.min(back, all.length), redone<number>, there)).toEqual(history);
    }),
  );
});

test("a change after an undo forgets what was undone", () => {
  const history = recorded(undone(written([1, 2])), 3);
  expect(history).toEqual({ past: [0, 1], now: 3, future: [] });
  expect(redone(history)).toBe(history);
  expect(undone(begun(1))).toEqual(begun(1));
});
