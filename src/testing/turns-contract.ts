// What every storage promises of work that must not be done twice at once.

import { describe, expect, test } from "vitest";
import type { Exclusive } from "../storage/storage.ts";

export const never = () => new AbortController().signal;
export const ignore = () => {};
/** Longer than anybody pauses between two looks at a lock. */
export const aWhile = () => new Promise((resolve) => setTimeout(resolve, 250));

/** Begins work that lasts until what this returns is called. */
export async function hold(exclusive: Exclusive, name: string): Promise<() => Promise<void>> {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let working = ended;
  await new Promise<void>((begun) => {
    const work = () => {
      begun();
      return ended;
    };
    working = exclusive(name, work, never(), ignore);
  });
  return () => {
    end();
    return working;
  };
}

/** @param open gives turns that nobody has taken */
export function turnsContract(open: () => Promise<Exclusive>): void {
  describe("work of one name", () => {
    test("runs alone: whoever comes later is told so once, waits and has its turn", async () => {
      const exclusive = await open();
      const release = await hold(exclusive, "bank a");
      const waiting: string[] = [];
      const log: string[] = [];
      const later = ["second", "third"].map((who) =>
        exclusive(
          "bank a",
          async () => {
            log.push(`${who} begins`);
            await new Promise((resolve) => setTimeout(resolve, 10));
            log.push(`${who} ends`);
            return who;
          },
          never(),
          () => waiting.push(who),
        ),
      );
      await aWhile();
      expect(waiting.sort()).toEqual(["second", "third"]);
      expect(log).toEqual([]);
      await release();
      expect(await Promise.all(later)).toEqual(["second", "third"]);
      // Who is next is not promised.
      expect(log.map((line) => line.split(" ")[1])).toEqual(["begins", "ends", "begins", "ends"]);
      expect(log[0]?.split(" ")[0]).toBe(log[1]?.split(" ")[0]);
      expect(waiting).toHaveLength(2);
    });

    test("does not hold up work of another name", async () => {
      const exclusive = await open();
      const release = await hold(exclusive, "bank a");
      const waited: string[] = [];
      expect(
        await exclusive(
          "bank b",
          async () => 7,
          never(),
          () => waited.push("b"),
        ),
      ).toBe(7);
      expect(waited).toEqual([]);
      await release();
    });

    test("that fails lets the next one in", async () => {
      const exclusive = await open();
      await expect(exclusive("a", () => Promise.reject(new Error("no")), never(), ignore)).rejects.toThrow("no");
      const waited: string[] = [];
      expect(
        await exclusive(
          "a",
          async () => 7,
          never(),
          () => waited.push("a"),
        ),
      ).toBe(7);
      expect(waited).toEqual([]);
    });

    test("is not waited for any longer once that is cancelled, and nobody gets in early by it", async () => {
      const exclusive = await open();
      const release = await hold(exclusive, "a");
      const begun: string[] = [];
      const enter = (who: string, signal: AbortSignal) => exclusive("a", async () => begun.push(who), signal, ignore);
      const controller = new AbortController();
      const cancelled = enter("cancelled", controller.signal);
      const patient = enter("patient", never());
      setTimeout(() => controller.abort(new Error("no more patience")), 20);
      await expect(cancelled).rejects.toThrow("no more patience");
      await aWhile();
      expect(begun).toEqual([]);
      await release();
      await patient;
      await expect(enter("too late", controller.signal)).rejects.toThrow("no more patience");
      expect(begun).toEqual(["patient"]);
    });
  });
}
