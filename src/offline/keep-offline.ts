// The page's side of its service worker: started once the page works, asked to keep what this machine uses, and offered
// to a person when a newer one waits. Nothing takes over by itself, so that no run is interrupted.

import type { Message } from "./files.ts";

/** Reloads with the newer version; false while other tabs use this one. */
export type TakeOver = () => Promise<boolean>;

/** Where browsers offer no service workers, or refuse this one, the page needs a network as any other does. */
export async function keepOffline(
  script: string,
  backend: string | undefined,
  offer: (takeOver: TakeOver) => void,
): Promise<void> {
  try {
    const { serviceWorker } = navigator;
    const registration = await serviceWorker.register(script, { updateViaCache: "none" });
    const look = () => {
      const { waiting, active } = registration;
      if (waiting && active) offer(() => takeOver(waiting));
    };
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
    look();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {}); // offline
    });
    const { active } = await serviceWorker.ready;
    active?.postMessage({ kind: "keep", backend } satisfies Message);
  } catch {
    // said above
  }
}

function takeOver(waiting: ServiceWorker): Promise<boolean> {
  waiting.addEventListener("statechange", () => waiting.state === "activated" && location.reload());
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<boolean>) => resolve(data);
  });
  waiting.postMessage({ kind: "take-over" } satisfies Message, [port2]);
  return answer;
}
