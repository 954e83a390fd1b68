import fc from "fast-check";
import { expect, test } from "vitest";
import { priorityQueue } from "./priority-queue.ts";

test("gives back the least first, whatever comes in between", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), (operations) => {
      const queue = priorityQueue<number>((a, b) => a < b);
      const kept: number[] = [];
      for (const item of operations) {
        if (item !== null) {
          queue.push(item);
          kept.push(item);
          kept.sort((a, b) => a - b);
        } else expect(queue.pop()).toBe(kept.shift());
      }
      while (kept.length > 0) expect(queue.pop()).toBe(kept.shift());
      expect(queue.pop()).toBeUndefined();
    }),
  );
});
