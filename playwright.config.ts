// The built page in Chromium, once on WASM and once on WebGPU. A machine without a GPU serves WebGPU by a software
// adapter: right results, meaningless timings. `npm test` chooses browser and port; alone, build first.

import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser.mjs";

const port = Number(process.env.STUDIO_PORT ?? 4183);
const executablePath = findBrowser();
const quiet = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
const launch = (extra: readonly string[]) => ({
  launchOptions: { args: [...quiet, ...extra], ...(executablePath && { executablePath }) },
});

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: true,
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: `http://localhost:${port}`,
    trace: "off",
    viewport: { width: 1440, height: 900 },
    // Keeping files for later is work beside what a test looks at; offline.spec.ts is the one that allows it.
    serviceWorkers: "block",
  },
  projects: [
    // Bits are promised on WASM only; failures and persistence need one browser; only a GPU can be lost.
    { name: "wasm", use: launch([]), testIgnore: /recovery|webgpu/, grepInvert: /@webgpu/ },
    {
      name: "webgpu",
      use: launch(["--enable-unsafe-webgpu"]),
      testIgnore: /determinism|failures|offline|persistence/,
      grepInvert: /@wasm/,
    },
  ],
  webServer: {
    command: `npm exec -- vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
