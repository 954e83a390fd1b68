import { expect, test } from "vitest";
import { inLanes } from "./in-lanes.ts";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test.each([1, 2, 3, 9])("in %i lanes every piece is done once, so many at a time", async (lanes) => {
  const begun: number[] = [];
  let working = 0;
  let most = 0;
  await inLanes([0, 1, 2, 3, 4, 5], lanes, async (item) => {
    begun.push(item);
    most = Math.max(most, ++working);
    await soon();
    working--;
  });
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(Math.min(lanes, 6));
});

test("after a failure nothing is begun, and what was begun has ended", async () => {
  const log: string[] = [];
  const work = inLanes([0, 1, 2, 3, 4, 5], 2, async (item) => {
    log.push(`${item} begins`);
    await soon();
    if (item === 2) throw new Error("2 fails");
    await soon();
    log.push(`${item} ends`);
  });
  await expect(work).rejects.toThrow("2 fails");
  const then = log.length;
  await soon();
  await soon();
  expect(log).toHaveLength(then);
  expect(log.filter((line) => line.endsWith("begins")).length).toBeLessThan(6);
  expect(log.filter((line) => line.endsWith("begins")).length).toBe(
    log.filter((line) => line.endsWith("ends")).length + 1,
  );
});
