// A run keeps a picture of its winner: small, of the right schedule, drawn once, and gone with the run.

import { describe, expect, test, vi } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { memoryPlace } from "./place.ts";
import { createStudioStore } from "./store.ts";
import { MOST_SIDE, thumbnailOf } from "./thumbnail.ts";

describe("a thumbnail", () => {
  test("of a small picture is the picture", () => {
    const pixels = Uint8ClampedArray.from({ length: 4 * 64 * 64 }, (_, i) => i % 251);
    expect(thumbnailOf(pixels, 64)).toEqual({ side: 64, pixels });
  });

  test("of a large one has the means of its blocks", () => {
    const side = 4 * MOST_SIDE;
    const pixels = Uint8ClampedArray.from({ length: 4 * side * side }, (_, i) => {
      const x = Math.floor(i / 4) % side;
      return i % 4 === 3 ? 255 : 10 * (x % 4); // 0, 10, 20, 30 in every block
    });
    const { side: small, pixels: out } = thumbnailOf(pixels, side);
    expect(small).toBe(MOST_SIDE);
    expect(new Set(out.filter((_, i) => i % 4 !== 3))).toEqual(new Set([15]));
    expect(new Set(out.filter((_, i) => i % 4 === 3))).toEqual(new Set([255]));
  });
});

test("a finished run keeps the first picture of its winner, once", async () => {
  const engine = createScriptedEngine();
  const keepPicture = vi.spyOn(engine, "keepPicture");
  const store = createStudioStore(engine, memoryPlace("searcher.generations=2&searcher.offspring=3&probes=2"));
  await store.getState().start();
  await store.getState().search();
  const picture = () => store.getState().session.runs.at(-1)?.picture;
  await vi.waitFor(() => expect(picture()).toBeDefined());
  const { rows } = store.getState().samples;
  expect(picture()?.pixels).toEqual(thumbnailOf(rows.searched?.grid?.pixels[0] as Uint8ClampedArray, 64).pixels);
  const run = store.getState().run.id as string;
  await store.getState().open(run);
  await vi.waitFor(() => expect(store.getState().samples.rows.searched?.grid).toBeDefined());
  expect(keepPicture).toHaveBeenCalledTimes(1);
  await store.getState().remove(run);
  expect(picture()).toBeUndefined();
});
