import { expect, test } from "vitest";
import { ByteCache } from "./byte-cache.ts";

test("forgets what was used least recently, and says so", () => {
  const discarded: string[] = [];
  const cache = new ByteCache<string>(10, (value) => discarded.push(value));
  cache.set("a", "A", 4);
  cache.set("b", "B", 4);
  cache.get("a");
  cache.set("c", "C", 4);
  expect(discarded).toEqual(["B"]);
  expect(cache.get("a")).toBe("A");
  cache.clear();
  expect(discarded).toEqual(["B", "C", "A"]);
});

test("keeps the newest entry even when it alone exceeds the budget", () => {
  const cache = new ByteCache<string>(10);
  cache.set("small", "s", 1);
  cache.set("huge", "h", 100);
  expect(cache.get("huge")).toBe("h");
  expect(cache.get("small")).toBeUndefined();
});

test("replacing an entry discards the old value", () => {
  const discarded: string[] = [];
  const cache = new ByteCache<string>(10, (value) => discarded.push(value));
  cache.set("a", "old", 5);
  cache.set("a", "new", 5);
  expect(discarded).toEqual(["old"]);
  expect(cache.get("a")).toBe("new");
});
