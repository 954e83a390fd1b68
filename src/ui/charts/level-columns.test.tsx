import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { memoryPlace } from "../../state/place.ts";
import { selectDraft } from "../../state/select-draft.ts";
import { createStudioStore } from "../../state/store.ts";
import { createScriptedEngine } from "../../testing/scripted-engine.ts";
import { LevelColumns } from "./level-columns.tsx";

async function markup(hash: string): Promise<string> {
  const store = createStudioStore(createScriptedEngine(), memoryPlace(hash));
  await store.getState().start();
  store.getState().toggleLock(1);
  const draft = selectDraft(store.getState());
  if (!draft) throw new Error("no draft");
  const ignore = () => {};
  const before = draft.levels.with(0, 2);
  const columns = (
    <LevelColumns details="why" draft={draft} before={before} onLevel={ignore} onEnd={ignore} onLock={ignore} />
  );
  return renderToStaticMarkup(columns);
}
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);

test("every stage is a slider that says where it is and what it removes", async () => {
  const text = await markup("stages=3&levels=4-6-8");
  expect(all(text, /role="slider"[^>]*aria-label="([^"]*)"/g)).toEqual([
    "stage 1 of 3, t 999–667, steps 1–7",
    "stage 2 of 3, t 666–333, steps 8–13",
    "stage 3 of 3, t 332–0, steps 14–20",
  ]);
  expect(all(text, /aria-valuetext="([^"]*)"/g).map((value) => value?.replaceAll("\u00a0", " "))).toEqual([
    "level 4 of 12, 33.3 % removed",
    "level 6 of 12, 50 % removed, locked",
    "level 8 of 12, 66.7 % removed",
  ]);
  expect(all(text, /<span aria-hidden="true">(\d+)<\/span>/g)).toEqual(["4", "6", "8"]);
  expect(all(text, /aria-pressed="(\w+)"/g)).toEqual(["false", "true", "false"]);
});

test("columns are as wide as their steps, between both axes, with a mark where one was", async () => {
  const text = await markup("stages=3&levels=4-6-8");
  expect(text).toContain("grid-template-columns:minmax(0, 7fr) minmax(0, 6fr) minmax(0, 7fr)");
  expect(all(text, /<span>(\d+)<\/span>/g).slice(0, 3)).toEqual(["999", "666", "332"]);
  expect(all(text, /<span>(\d+–\d+)<\/span>/g)).toEqual(["1–7", "8–13", "14–20"]);
  expect(all(text, /column-was" style="inset-block-end:([\d.]+)%/g).map(Number)).toEqual([(100 * 2) / 12]);
});
