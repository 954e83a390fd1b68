// The tour's way: it goes from view to view, is taken up where it was left, on another visit too, and starts nothing.

import { describe, expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { createStudioStore } from "./store.ts";
import { tourStops } from "./tour-slice.ts";

const open = (place = memoryPlace()) => createStudioStore(createScriptedEngine(), place);

describe("tour", () => {
  test("shows every stop in its view, and is over after the last", () => {
    const store = open();
    store.getState().takeTour();
    const seen = tourStops.map(() => {
      const { tour, view } = store.getState();
      expect(tour.open).toBe(true);
      store.getState().turnTour(1);
      return { at: tour.at, view };
    });
    expect(seen).toEqual(tourStops.map(({ view }, at) => ({ at, view })));
    expect(store.getState().tour).toEqual({ open: false, at: 0 });
  });

  test("does not go back beyond the first stop", () => {
    const store = open();
    store.getState().takeTour();
    store.getState().turnTour(-1);
    expect(store.getState().tour).toEqual({ open: true, at: 0 });
  });

  test("is taken up where it was left, by another visit too", () => {
    const place = memoryPlace();
    const store = open(place);
    store.getState().takeTour();
    store.getState().turnTour(1);
    store.getState().leaveTour();
    store.getState().goTo("library");
    store.getState().takeTour();
    expect(store.getState()).toMatchObject({ tour: { open: true, at: 1 }, view: "explore" });
    const again = open(place).getState();
    expect(again.tour).toEqual({ open: false, at: 1 });
  });

  test("begins at the first stop when what was kept is no stop", () => {
    const place = memoryPlace();
    for (const kept of ["99", "-1", "0.5", "here"]) {
      place.keep("tour", kept);
      expect(open(place).getState().tour.at).toBe(0);
    }
  });
});
