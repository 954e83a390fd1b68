import { describe, expect, test } from "vitest";
import { DeviceGate } from "./device-gate.ts";

describe("device gate", () => {
  test("a second verb is refused and told which one runs", async () => {
    const gate = new DeviceGate();
    let finish = () => {};
    const first = gate.verb("search", () => new Promise<void>((resolve) => (finish = resolve)));
    await expect(gate.verb("calibrate", async () => {})).rejects.toMatchObject({
      code: "busy",
      details: { running: "search" },
    });
    finish();
    await first;
    expect(gate.running).toBeUndefined();
  });

  test("device work runs one at a time, in order, also after a failure", async () => {
    const gate = new DeviceGate();
    const log: string[] = [];
    const work = (name: string, fail = false) =>
      gate.exclusive(async () => {
        log.push(`${name} in`);
        await Promise.resolve();
        log.push(`${name} out`);
        if (fail) throw new Error(name);
      });
    const results = await Promise.allSettled([work("a", true), work("b"), work("c")]);
    expect(log).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  });

  test("a pause holds until it ends, and cancelling ends the wait", async () => {
    const gate = new DeviceGate();
    const { signal } = new AbortController();
    gate.pause(true);
    let held = true;
    const waiting = gate.hold(signal).then(() => {
      held = false;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(held).toBe(true);
    gate.pause(false);
    await waiting;
    expect(held).toBe(false);

    gate.pause(true);
    const controller = new AbortController();
    const cancelled = gate.hold(controller.signal);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
  });
});
