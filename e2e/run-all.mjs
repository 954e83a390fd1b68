// The test command: types, lint and format, unit tests, the build, and the built page in a real browser. Every step
// runs even when one before it failed; the last line says how many checks and tests passed and failed.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";

/** @typedef {{ passed: number, failed: number }} Count */

const reports = mkdtempSync(join(tmpdir(), "diff-es-tests-"));
const unitReport = join(reports, "unit.json");
const browserReport = join(reports, "browser.json");

/** @type {Count} */
const total = { passed: 0, failed: 0 };
/** @param {Count} count */
function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

add(await check("types", ["tsc", "--noEmit"]));
add(await check("types without browser and Node", ["tsc", "--noEmit", "-p", "tsconfig.pure.json"]));
add(await check("lint and format", ["biome", "check", "--error-on-warnings", "."]));
add(
  await suite(
    "unit, contract and architecture tests",
    ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitReport}`],
    {},
    unitTests,
  ),
);
const build = await check("build", ["vite", "build"]);
add(build);
add(await inBrowser(build.failed === 0));

rmSync(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/**
 * One command that passes or fails as a whole.
 * @param {string} title @param {string[]} command @returns {Promise<Count>}
 */
async function check(title, command) {
  const status = await run(title, command, {});
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * One command with a report of many tests. A failure that the report does not show counts as one.
 * @param {string} title @param {string[]} command @param {Record<string, string>} environment
 * @param {() => Count} read @returns {Promise<Count>}
 */
async function suite(title, command, environment, read) {
  const status = await run(title, command, environment);
  let count = { passed: 0, failed: 0 };
  try {
    count = read();
  } catch (error) {
    console.error(`${title}: no report (${error})`);
  }
  const silent = count.failed === 0 && (status !== 0 || count.passed === 0);
  if (silent) console.error(`${title}: ended with status ${status} after ${count.passed} passed tests`);
  return silent ? { ...count, failed: 1 } : count;
}

/** @param {boolean} built @returns {Promise<Count>} */
async function inBrowser(built) {
  const title = "the built page in a browser";
  const browser = built ? ensureBrowser() : undefined;
  if (!browser) {
    const advice = "Install Chromium or Chrome, or set CHROMIUM_PATH to one, and run the tests again.";
    console.error(`\n${title}: not run. ${built ? advice : "There is no build."}`);
    return { passed: 0, failed: 1 };
  }
  console.log(`\nBrowser: ${browser}`);
  const environment = {
    CHROMIUM_PATH: browser,
    STUDIO_PORT: String(await freePort()),
    PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport,
  };
  return suite(title, ["playwright", "test", "--reporter=list,json"], environment, browserTests);
}

/** @returns {Count} */
function unitTests() {
  const report = JSON.parse(readFileSync(unitReport, "utf8"));
  /** @type {{ status: string, assertionResults: unknown[] }[]} */
  const files = report.testResults;
  const broken = files.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** @returns {Count} */
function browserTests() {
  const { stats, errors } = JSON.parse(readFileSync(browserReport, "utf8"));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length };
}

/**
 * Runs a command of a package that is installed here.
 * @param {string} title @param {string[]} command @param {Record<string, string>} environment
 * @returns {Promise<number | null>} its exit status
 */
function run(title, [name, ...given], environment) {
  console.log(`\n── ${title} ──`);
  const script = join("node_modules", ".bin", name ?? "");
  const options = { env: { ...process.env, ...environment }, shell: platform() === "win32" };
  const child = spawn(script, given, { stdio: "inherit", ...options });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`${title}: ${error.message}; run npm ci first`);
      resolve(1);
    });
    child.on("exit", resolve);
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "localhost", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 4183));
    });
  });
}
