// What fills the storage, as a person keeps house: a search leaves banks, they leave as files, are removed, come back,
// and the next search calibrates nothing.

import { expect, type Page, test } from "@playwright/test";
import { failOnErrors, goTo, look, openReady, SMALL, search } from "./studio.ts";

const banksOf = (page: Page) => page.getByRole("region", { name: "Banks" });

interface Saved {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Exports a bank and reads what came down: a file per stage and bank.json. */
async function exportBank(page: Page, name: string, stages: number): Promise<Saved[]> {
  const files: Promise<Saved>[] = [];
  page.on("download", (download) => {
    const read = async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      const buffer = Buffer.concat(chunks);
      return { name: download.suggestedFilename(), mimeType: "application/octet-stream", buffer };
    };
    files.push(read());
  });
  await banksOf(page)
    .getByRole("button", { name: `Export ${name}`, exact: true })
    .click();
  await expect(banksOf(page)).toContainText(`The bank was exported as ${stages + 1} files.`);
  await expect.poll(() => files.length).toBe(stages + 1);
  page.removeAllListeners("download");
  return Promise.all(files);
}

async function remove(page: Page, name: string): Promise<void> {
  await banksOf(page)
    .getByRole("button", { name: `Remove ${name}`, exact: true })
    .click();
  await banksOf(page)
    .getByRole("button", { name: `Really remove ${name}`, exact: true })
    .click();
  await expect(banksOf(page).getByRole("button", { name: `Remove ${name}`, exact: true })).toHaveCount(0);
}

/** Collects what the page says it does, from now on. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const note = () => said.push(document.querySelector(".progress [role=status]")?.textContent ?? "");
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => [...new Set((window as unknown as { said: string[] }).said)]);
}

test("banks are seen, exported, removed, imported and used again", { tag: "@wasm" }, async ({ page }, info) => {
  test.slow();
  const errors = failOnErrors(page);
  await openReady(page, `/#${SMALL}&storage=f16`);
  const banks = banksOf(page);
  await goTo(page, "Runs");
  await expect(banks.getByText("A bank keeps what calibration found")).toBeVisible();
  await look(page, info, "none");

  await search(page);
  await expect(banks.getByRole("listitem")).toHaveCount(2, { timeout: 120_000 });
  await expect(page.getByRole("region", { name: "Progress" })).toHaveCount(0, { timeout: 120_000 });
  const [own, mosaic] = ["OBS (second order), 2 stages", "OBS (second order), MosaicDiff’s 3 stages"];
  const card = banks.getByRole("listitem").filter({ hasText: own });
  await expect(card).toContainText(/MB · 12 levels · 4 latents per stage/);
  await expect(card).toContainText(/Half precision: error up to 0\.\d+.%, RMS/);
  await expect(page.getByTestId("bank-room")).toContainText(/MB used, .* free/);
  const described = await card.textContent();
  await banks.scrollIntoViewIfNeeded();
  await look(page, info, "two");

  const files = await exportBank(page, own, 2);
  expect(files.map(({ name }) => name)).toEqual(["stage-0.safetensors", "stage-1.safetensors", "bank.json"]);
  const others = await exportBank(page, mosaic, 3);
  await remove(page, own);
  await remove(page, mosaic);
  await expect(banks.getByRole("listitem")).toHaveCount(0);

  const input = banks.getByLabel("Import bank");
  await input.setInputFiles(files.slice(1));
  await expect(page.getByRole("alert")).toContainText("stage-0.safetensors: is not among the 2 files");
  await input.setInputFiles(files);
  await expect(banks).toContainText("The bank was imported.");
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(await card.textContent()).toBe(described);
  await drop(page, others);
  await expect(banks.getByRole("listitem")).toHaveCount(2);

  const said = await listen(page);
  await page.getByRole("slider", { name: "Target sparsity" }).press("ArrowLeft");
  await search(page);
  await goTo(page, "Search");
  await expect(page.getByTestId("result")).toBeVisible({ timeout: 120_000 });
  expect((await said()).join("\n")).toContain("Generation 1 of 3");
  expect((await said()).join("\n")).not.toMatch(/Calibrating|Factoring/);
  expect(errors).toEqual([]);

  await page.setViewportSize({ width: 400, height: 860 });
  await goTo(page, "Runs");
  await banks.scrollIntoViewIfNeeded();
  await look(page, info, "phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
});

async function drop(page: Page, files: readonly Saved[]): Promise<void> {
  const given = files.map(({ name, buffer }) => [name, buffer.toString("base64")] as const);
  const dataTransfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const [name, base64] of list)
      data.items.add(new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name));
    return data;
  }, given);
  await page.dispatchEvent("#root > div", "drop", { dataTransfer });
}
