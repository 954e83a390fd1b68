// What is copied names the backend and why, the adapter, and the last things that went wrong, and stays readable.

import { describe, expect, test } from "vitest";
import { StudioError } from "../core/errors.ts";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { diagnosticsOf, type Surroundings } from "./diagnostics.ts";
import { createStudioStore } from "./store.ts";

const surroundings: Surroundings = {
  versions: { studio: "0.1.0" },
  browser: "Browser/1",
  processors: 2,
  memory: 8,
  features: { webgpu: false, isolated: true },
  adapter: "no adapter",
};
const read = (text: string) => JSON.parse(text);

describe("diagnostics", () => {
  test("name the backend and why it was chosen", async () => {
    const store = createStudioStore(createScriptedEngine());
    await store.getState().start();
    const told = read(diagnosticsOf(store.getState(), surroundings));
    expect(told.backend).toMatchObject({ backend: "wasm", reason: "no WebGPU adapter was found" });
    expect(told).toMatchObject({ ...surroundings, engine: { durability: "persistent" } });
    expect(told.run.phase).toBe("idle");
    expect(told.settings.stages).toBe(10);
  });

  test("end with the last fifty things that happened, the newest last", () => {
    const store = createStudioStore(createScriptedEngine());
    for (let i = 0; i < 60; i++)
      store.getState().report("The search stopped", new StudioError("device-lost", `webgpu: ${i}`));
    const { log, backend } = read(diagnosticsOf(store.getState(), surroundings));
    expect(log).toHaveLength(50);
    expect(log.at(-1)).toBe("device-lost: The search stopped: webgpu: 59");
    expect(backend).toBe("the engine has not answered");
  });
});
