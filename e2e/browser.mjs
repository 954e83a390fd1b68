// Finds a Chromium for the end-to-end tests, or installs one.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { platform } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * The browser that the environment names, else the system's, else Playwright's own.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const { CHROMIUM_PATH, PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH, PATH = "" } = process.env;
  const named = CHROMIUM_PATH || PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH;
  if (named) return named;
  const onPath = NAMES.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
  return [...onPath, ...PLACES, playwrightsOwn()].find(starts);
}

/**
 * As `findBrowser`, and installs one when there is none.
 * @returns {string | undefined}
 */
export function ensureBrowser() {
  return findBrowser() ?? (install() ? findBrowser() : undefined);
}

function playwrightsOwn() {
  try {
    return chromium.executablePath();
  } catch {
    return ""; // this platform has none
  }
}

/** A file of that name may be a stub that asks for an installation. @param {string} path */
function starts(path) {
  if (!path || !existsSync(path)) return false;
  if (platform() === "win32") return true; // opens a window there instead of answering
  return spawnSync(path, ["--version"], { timeout: 20_000 }).status === 0;
}

function install() {
  console.log("No Chromium was found; installing one.");
  if (run("npx", ["playwright", "install", "--with-deps", "chromium"])) return true;
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return false;
  return run("apt-get", ["update"]) && run("apt-get", ["install", "-y", "chromium"]);
}

/** @param {string} command @param {string[]} given */
function run(command, given) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, given, { stdio: "inherit", shell: platform() === "win32", env }).status === 0;
}
