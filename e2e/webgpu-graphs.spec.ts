// Every graph of the denoiser on WebGPU, those of calibration among them, computes what it computes on WASM. The modules
// come from the development server: the built page has no door to a single graph.

import { expect, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { TOLERANCE } from "../src/testing/close.ts";

let server: ViteDevServer;
test.beforeAll(async () => {
  server = await createServer({ server: { port: 0, hmr: false, watch: null }, logLevel: "error" });
  await server.listen();
});
test.afterAll(() => server.close());

test("steps, Gram matrices, moments and block changes agree with WASM", async ({ page }) => {
  const address = new URL("blank", server.resolvedUrls?.local[0]).href;
  await page.route(address, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(address);
  const errors = await page.evaluate(async (path) => {
    const { webgpuErrors } = await import(path);
    return webgpuErrors() as Promise<Record<string, number>>;
  }, "/src/testing/webgpu-errors.ts");
  expect(Object.keys(errors)).toEqual(expect.arrayContaining(["dense", "skipped", "empty", "change.1"]));
  for (const layer of ["blocks.0.attn.proj", "blocks.1.mlp.fc2"])
    expect(Object.keys(errors)).toEqual(
      expect.arrayContaining([`gram.${layer}`, `gram.${layer}.sum`, `moments.${layer}.output`]),
    );
  for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(TOLERANCE.devices);
});
