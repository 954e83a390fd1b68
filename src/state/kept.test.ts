import { expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { keepResult, recallResult } from "./kept.ts";
import { memoryPlace, type Place } from "./place.ts";
import { selectFront } from "./select-front.ts";
import { selectSensitivity } from "./select-sensitivity.ts";
import { createStudioStore } from "./store.ts";

async function opened(place: Place) {
  const store = createStudioStore(createScriptedEngine(), place);
  await store.getState().start();
  return store;
}

test("a reload shows the map and the front again, of the model that they are of", async () => {
  const place = memoryPlace("stages=4&probes=2&searcher.generations=2&searcher.offspring=3");
  const store = await opened(place);
  store.getState().setTargets([0.25, 0.5]);
  await store.getState().measureSensitivity();
  await store.getState().runSweep();
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)); // what local storage can hold
  const shown = [selectSensitivity(store.getState()), selectFront(store.getState())].map(plain);
  expect(shown[0].losses).toHaveLength(4);
  expect(shown[1].points).toHaveLength(2);

  const again = await opened(place);
  expect([selectSensitivity(again.getState()), selectFront(again.getState())].map(plain)).toEqual(shown);
  const card = again.getState().model.card;
  if (card) again.setState({ model: { ...again.getState().model, card: { ...card, id: "another" } } });
  expect([selectSensitivity(again.getState()), selectFront(again.getState())]).toEqual([undefined, undefined]);
});

test.each(["", "{", "null", "3", '{"version":0,"value":1}'])("what another page kept, %j, is forgotten", (text) => {
  const place = memoryPlace();
  if (text) place.keep("front", text);
  expect(recallResult(place, "front")).toBeUndefined();
  keepResult(place, "front", { points: [1] });
  expect(recallResult(place, "front")).toEqual({ points: [1] });
});
