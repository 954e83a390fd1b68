import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test("cells are quoted only where they must be", () => {
  const rows = [
    [1, 0.5, "plain words", true],
    ['say "so"', "a,b", "two\nlines", undefined],
  ];
  expect(csv({ head: ["a", "b", "c", "d"], rows })).toBe(
    'a,b,c,d\r\n1,0.5,plain words,true\r\n"say ""so""","a,b","two\nlines",\r\n',
  );
});
