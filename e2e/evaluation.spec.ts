// A run's schedules judged as sets, as a person asks for it: how many, progress, cancel, and numbers that the command
// line's engine gives too.

import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { score } from "../src/core/format.ts";
import { createEngine } from "../src/engine/engine.ts";
import { createWebRuntime } from "../src/runtime/ort-web.ts";
import { openMemory } from "../src/storage/memory.ts";
import { look, openReady, SMALL, search } from "./studio.ts";

const PICTURES = 16;
const SEED = 5;

test("a run is evaluated, with the numbers that Node gives", { tag: "@wasm" }, async ({ page }, info) => {
  await openReady(page, `/?threads=1#${SMALL}&pruner=layerdrop&seed=${SEED}`);
  await search(page);
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  const card = page.getByRole("region", { name: "Evaluation" });
  await card.getByLabel("Pictures of each", { exact: true }).fill("5000");
  await card.getByRole("button", { name: "Evaluate" }).click();
  await expect(card.getByRole("status")).toContainText("of 5000 pictures");
  await card.getByRole("button", { name: "Cancel" }).click();
  await card.getByLabel("Pictures of each", { exact: true }).fill(String(PICTURES));
  await card.getByRole("button", { name: "Evaluate" }).click();
  await expect(card.getByTestId("evaluated-searched")).toBeVisible({ timeout: 120_000 });
  await look(page, info, "evaluation");
  expect(await numbersOf(page, "dense")).toEqual(await numbersInNode());
  expect(await numbersOf(page, "uniform")).not.toEqual(await numbersOf(page, "dense"));
});

async function numbersOf(page: Page, id: string): Promise<string[]> {
  return page.getByTestId(`evaluated-${id}`).getByRole("cell").allInnerTexts();
}

/** Of the dense model. */
async function numbersInNode(): Promise<string[]> {
  const engine = createEngine({
    runtime: await createWebRuntime({ backend: "wasm", threads: 1 }),
    storage: openMemory(),
    factor: () => Promise.reject(new Error("nothing is pruned")),
    factorThreads: 1,
    read: (path) => readFile(path),
    now: () => performance.now(),
  });
  const signal = new AbortController().signal;
  await engine.load({ source: { kind: "bundle", base: "public/models/tiny-worlds" } }, () => {}, signal);
  const sampling = { steps: 6, guidance: 2, sampler: { id: "ddim" }, seed: SEED };
  const { metrics } = await engine.evaluate({ ...sampling, pictures: PICTURES }, () => {}, signal);
  await engine.close();
  return Object.values(metrics).map((reading) => score("value" in reading ? reading.value : Number.NaN));
}
