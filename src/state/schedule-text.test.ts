import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceLevels } from "./exports.ts";
import { linkedLevels, parseLevels } from "./schedule-text.ts";

const levels = fc.array(fc.nat(70), { minLength: 1, maxLength: 50 });

describe("levels as text", () => {
  test("come back from a link, from lists and from the authors' file", () => {
    fc.assert(
      fc.property(levels, (given) => {
        const forms = [linkedLevels(given), given.join(", "), JSON.stringify(given), referenceLevels(given)];
        for (const text of forms) expect(parseLevels(text)).toEqual(given);
      }),
    );
  });

  test("of the authors count from the last stage", () => {
    expect(parseLevels('{"0": 1, "1": 2, "2": 3}')).toEqual([3, 2, 1]);
  });

  test.each([
    ["", /"" is no list of levels/],
    ["ten, nine", /"ten, nine" is no list/],
    ["1.5, 2", /level 1\.5 is not a whole number/],
    ['{"0": 1, "2": 3}', /has no level of stage 1/],
    ["{}", /has no level of stage 0/],
    ['{"0": "1"}', /has no level of stage 0/],
    ['{"0": -1}', /level -1 is not/],
    ["{", /is not JSON/],
  ])("%j is refused", (text, message) => {
    expect(() => parseLevels(text)).toThrow(
      expect.objectContaining({ code: "invalid-input", message: expect.stringMatching(message) }),
    );
  });
});
