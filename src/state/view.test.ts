import { describe, expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { readAddress, writeAddress } from "./address.ts";
import { memoryPlace } from "./place.ts";
import { createStudioStore } from "./store.ts";
import { viewIds } from "./views.ts";

function opened(hash = "") {
  const place = memoryPlace(hash);
  const store = createStudioStore(createScriptedEngine(), place);
  return { place, store, state: () => store.getState() };
}

describe("the address", () => {
  test.each(viewIds)("holds %s, levels and settings, both ways", (view) => {
    for (const settings of ["", "stages=5&pruner=layerdrop"])
      for (const levels of [undefined, [10, 0, 3]])
        for (const free of [true, false]) {
          const address = { view, levels, free, settings };
          expect(readAddress(writeAddress(address))).toEqual({ ...address, problems: [] });
        }
  });

  test("of an unknown view is the first one's, and levels that are none are told", () => {
    const nothing = { levels: undefined, free: false, problems: [expect.stringContaining('"ten" is no list')] };
    expect(readAddress("view=kitchen&levels=ten&seed=3")).toEqual({ view: "search", settings: "seed=3", ...nothing });
  });
});

describe("views", () => {
  test("a link opens one, with its settings, and starts nothing", async () => {
    const { state } = opened("view=library&seed=3");
    await state().start();
    expect(state()).toMatchObject({ view: "library", settings: { seed: 3 }, run: { phase: "idle" } });
    expect(state().session.notice).toBeUndefined();
  });

  test("going back leaves one and keeps the settings", () => {
    const { place, state } = opened();
    state().goTo("library");
    expect(place.readHash()).toBe("view=library");
    state().set("seed", 5);
    expect(place.readHash()).toBe("view=library&seed=5");
    place.back();
    expect(state()).toMatchObject({ view: "search", settings: { seed: 5 } });
    expect(place.readHash()).toBe("seed=5");
    place.back();
    expect(state().view).toBe("search");
  });

  test("a link followed in the same tab brings its settings", () => {
    const { place, state } = opened("seed=5");
    place.openLink("view=library&stages=4&seed=-1");
    expect(state()).toMatchObject({ view: "library", settings: { seed: 0, stages: 4 } });
    expect(state().session.notice?.message).toContain("seed: -1");
    expect(place.entries).toEqual(["seed=5", "view=library&stages=4"]);
    place.back();
    expect(state()).toMatchObject({ view: "search", settings: { seed: 0, stages: 4 } });
  });
});
