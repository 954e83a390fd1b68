import { describe, expect, test, vi } from "vitest";
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
          for (const sides of [undefined, ["dense", "run 0a-1"] as const]) {
            const address = { view, levels, free, sides, settings };
            expect(readAddress(writeAddress(address))).toEqual({ ...address, problems: [] });
          }
        }
  });

  test("of an unknown view is the first one's, and levels that are none are told", () => {
    const nothing = {
      levels: undefined,
      free: false,
      sides: undefined,
      problems: [expect.stringContaining('"ten" is no list')],
    };
    expect(readAddress("view=kitchen&levels=ten&seed=3")).toEqual({ view: "search", settings: "seed=3", ...nothing });
  });
});

describe("compared schedules in the address", () => {
  test("are those that somebody chose", async () => {
    const { place, state } = opened();
    state().goTo("compare");
    expect(place.readHash()).toBe("view=compare");
    await state().setSide(1, "yours");
    expect(place.readHash()).toBe("view=compare&sides=dense,yours,mosaic,searched");
  });

  test.each([
    ["view=compare&sides=searched,dense", ["searched", "dense"]],
    ["view=compare", ["dense", "uniform", "mosaic", "searched"]],
  ])("are shown by the link %s, which draws nothing until it is asked to", async (link, sides) => {
    const engine = createScriptedEngine();
    const store = createStudioStore(engine, memoryPlace(link));
    const ask = vi.spyOn(store.getState(), "ask");
    store.setState({ ask });
    await store.getState().start();
    const drawn = () => ask.mock.calls.filter(([asker, requests]) => asker === "comparison" && requests.length > 0);
    expect(store.getState().compare).toMatchObject({ sides, held: true });
    expect(drawn()).toEqual([]);
    store.getState().drawLinked();
    expect(drawn()).toHaveLength(1);
  });

  test.each(["dense", "dense,dense", "dense,magic", "dense,uniform,mosaic,searched,yours", ""])(
    "“%s” is refused with a sentence",
    (sides) => {
      const { problems, sides: read } = readAddress(`sides=${sides}`);
      expect(read).toBeUndefined();
      expect(problems).toEqual([expect.stringMatching(/^sides: /)]);
    },
  );
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
