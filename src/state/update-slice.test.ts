import { expect, test } from "vitest";
import { createScriptedEngine } from "../testing/scripted-engine.ts";
import { createStudioStore } from "./store.ts";

test("an update waits until it is asked for, and says when other tabs hold it up", async () => {
  const store = createStudioStore(createScriptedEngine({ pace: 1 }));
  const { offerUpdate, takeUpdate } = store.getState();
  expect(store.getState().update).toBeUndefined();
  let others = 1;
  let asked = 0;
  offerUpdate(async () => {
    asked++;
    return others === 0;
  });
  expect(store.getState().update).toEqual({ blocked: false });
  expect(asked).toBe(0);
  await takeUpdate();
  expect(store.getState().update).toEqual({ blocked: true });
  others = 0;
  await takeUpdate();
  expect(store.getState().update).toEqual({ blocked: false });
  expect(asked).toBe(2);
});
