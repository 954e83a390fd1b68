// The root of the page: engine in its worker, store, first render. ?backend=webgpu|wasm and ?threads=n go to the worker.

import workerUrl from "../workers/engine.worker.ts?worker&url";
import { connect } from "./bridge/connect.ts";
import { lend } from "./bridge/lend.ts";
import type { Backend, Engine } from "./engine/api.ts";
import { keepOffline } from "./offline/keep-offline.ts";
import { browserPlace } from "./state/place.ts";
import { browserShowcase } from "./state/showcase.ts";
import { createStudioStore } from "./state/store.ts";
import { askForPersistence } from "./storage/idb.ts";
import { localMirror } from "./storage/local-mirror.ts";
import { mount } from "./ui/app.tsx";

const query = new URLSearchParams(location.search);
const mirror = localMirror(() => localStorage);

function startWorker(backend?: Backend): Worker {
  const url = new URL(workerUrl, location.href);
  url.search += `&${backend ? `backend=${backend}&` : ""}${query}`; // the first of a name counts
  return lend("mirror", mirror, new Worker(url, { type: "module", name: "engine" }));
}

async function openEngine(): Promise<Engine> {
  // The page without a model, for working on it; a build drops this branch.
  if (import.meta.env.DEV && query.has("scripted")) {
    const { createScriptedEngine } = await import("./testing/scripted-engine.ts");
    return createScriptedEngine({ pace: Number(query.get("scripted")) || 60 });
  }
  return connect({ start: startWorker, onSupervisor: ({ message }) => store.getState().inform(message) });
}

const demo = new URL("models/tiny-worlds/", document.baseURI).href;
const store = createStudioStore(await openEngine(), browserPlace(window), demo, browserShowcase("stored-run/"));
mount(document.getElementById("root") as HTMLElement, store);
askForPersistence();
await store.getState().start();
const { session, offerUpdate } = store.getState();
if (import.meta.env.PROD) await keepOffline("service-worker.js", session.status?.device.backend, offerUpdate);
