// A demo is a link: the built page under any path of any host, without headers of its own.

import { expect, test } from "@playwright/test";
import { type StaticHost, staticHost } from "./static-host.ts";
import { failOnErrors, openReady } from "./studio.ts";

let host: StaticHost;
test.beforeEach(async () => {
  host = await staticHost("/some/path/");
});
test.afterEach(() => host.close());

test("under a path of a plain host: one thread, every file found, nothing from elsewhere", async ({
  page,
  context,
}) => {
  const errors = failOnErrors(page);
  const elsewhere: string[] = [];
  context.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(host.address)) elsewhere.push(url);
  });
  await openReady(page, host.address);
  await expect(page.getByTestId("device")).toHaveText("WASM · 1 thread");
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
  expect(host.missing).toEqual([]);
});
