import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "./hash.ts";

test("agrees with Node's SHA-256, in one piece and in several", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
    const expected = createHash("sha256").update(bytes).digest("hex");
    expect(sha256(bytes)).toBe(expected);
    expect(sha256([bytes.subarray(0, at), bytes.subarray(at)])).toBe(expected);
  });
  fc.assert(property);
});
