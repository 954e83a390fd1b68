import { describe, expect, test } from "vitest";
import {
  about,
  amount,
  bytes,
  duration,
  factor,
  macs,
  milliseconds,
  percent,
  plural,
  range,
  score,
  signed,
} from "./format.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("numbers carry units and no false digits", () => {
  test.each([
    [macs(1_840_000_000), "1.84 GMACs"],
    [macs(948_200_000), "948 MMACs"],
    [bytes(999), "999 bytes"],
    [bytes(16_400_000), "16.4 MB"],
    [percent(0.458), "45.8 %"],
    [percent(0.5), "50 %"],
    [percent(0.496, 0), "50 %"],
    [milliseconds(3.456), "3.46 ms"],
    [milliseconds(34.56), "34.6 ms"],
    [milliseconds(508.2), "508 ms"],
    [duration(400), "under 1 s"],
    [duration(130_000), "2 min 10 s"],
    [duration(3_600_000 * 3 + 300_000), "3 h 5 min"],
    [factor(1.618), "1.62×"],
    [score(0.91234), "0.9123"],
    [score(-0.02), "−0.0200"],
    [score(Number.NaN), "–"],
    [score(-922.1736), "−922.17"],
    [score(12.34567), "12.346"],
    [amount(8_200_000), "8.20 M"],
    [amount(35_300), "35.3 K"],
    [plural(1, "picture"), "1 picture"],
    [plural(2048, "picture"), "2,048 pictures"],
    [signed(0.0312), "+0.0312"],
    [signed(-0.0312), "−0.0312"],
    [signed(null), "–"],
    [range(999, 900), "999–900"],
    [range(3, 3), "3"],
  ])("%s", (shown, expected) => {
    expect(plain(shown)).toBe(expected);
  });

  test("an estimate is rounded the more the longer it is", () => {
    expect(plain(about(7_400))).toBe("about 7 s");
    expect(plain(about(83_000))).toBe("about 1 min 25 s");
    expect(plain(about(7_300_000))).toBe("about 2 h 0 min");
  });
});
