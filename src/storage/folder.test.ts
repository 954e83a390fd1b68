import { expect, test } from "vitest";
import { birthOf, claim, disclaim, isClaimed } from "./folder.ts";

test("a name is claimed until its owner lets go of it", () => {
  const name = claim();
  expect(isClaimed(name)).toBe(true);
  disclaim(name);
  expect(isClaimed(name)).toBe(false);
});

test("a name of a living process is claimed, and one of an earlier process of its number is not", () => {
  const birth = birthOf(process.ppid);
  expect(isClaimed(`${process.ppid}-${birth}-a`)).toBe(true);
  const told = birth !== ""; // only Linux tells
  expect(isClaimed(`${process.ppid}-${told ? Number(birth) - 1 : ""}-a`)).toBe(!told);
});
