// Root of the service worker: keeps the page's files and answers for the server. The build gives it their list.

import type { Message, OfflineFile } from "../src/offline/files.ts";
import { createKeeper } from "../src/offline/keeper.ts";

declare const OFFLINE_FILES: readonly OfflineFile[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const { scope } = worker.registration;
const keeper = createKeeper({
  files: OFFLINE_FILES,
  scope,
  open: () => caches.open(`diff-es ${scope}`),
  fetch: (address, init) => fetch(address, init),
});

worker.addEventListener("install", (event) => event.waitUntil(keeper.keep()));
worker.addEventListener("activate", (event) => event.waitUntil(keeper.tidy().then(() => worker.clients.claim())));
worker.addEventListener("fetch", (event) => {
  const answer = keeper.answer(event.request);
  if (answer) event.respondWith(answer);
});
worker.addEventListener("message", (event) => {
  const message: Message = event.data;
  // What could not be had now is asked for again at the next visit.
  if (message.kind === "keep") event.waitUntil(keeper.keep(message.backend).catch(() => {}));
  else event.waitUntil(takeOver(event.ports[0] as MessagePort));
});

async function takeOver(asked: MessagePort): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const alone = pages.filter(({ url }) => url.startsWith(scope)).length <= 1;
  asked.postMessage(alone);
  if (alone) await worker.skipWaiting();
}
