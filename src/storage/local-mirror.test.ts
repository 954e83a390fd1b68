import { expect, test } from "vitest";
import { localMirror } from "./local-mirror.ts";

test("keeps texts under names of its own, and fails where there is no local storage", async () => {
  const values = new Map<string, string>([["diff-es/theme", "dark"]]);
  const local = {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, text: string) => void values.set(name, text),
    removeItem: (name: string) => void values.delete(name),
  } as unknown as globalThis.Storage;
  const mirror = localMirror(() => local);
  expect(await mirror.get("theme")).toBeUndefined();
  await mirror.set("runs", "text");
  expect(await mirror.get("runs")).toBe("text");
  await mirror.remove("runs");
  expect(await mirror.get("runs")).toBeUndefined();
  expect(values.size).toBe(1);
  const refused = localMirror(() => {
    throw new DOMException("private window", "SecurityError");
  });
  await expect(refused.get("runs")).rejects.toThrow("private window");
});
