// What the page's workers write to its storage, seen from outside: every evaluation when it is made and when it is stored,
// and the steps of the search's way. What runs over there declares no function: those would call a helper of the
// transpiler's, which is here.

import type { Page } from "@playwright/test";

const MARK = "bench:";

export interface Witness {
  readonly onMade?: (address: string) => void;
  readonly onStored?: (address: string) => void;
  readonly onPhase?: (name: string) => void;
}

/** To be called before the page is opened. */
export async function watch(tab: Page, witness: Witness): Promise<void> {
  tab.on("console", (message) => {
    const [mark, what, name = ""] = message.text().split("|");
    if (mark !== MARK) return;
    if (what === "made") witness.onMade?.(name);
    if (what === "stored") witness.onStored?.(name);
    if (what === "phase") witness.onPhase?.(name);
  });
  tab.on("worker", (worker) => void worker.evaluate(tellEvaluations, MARK).catch(() => {}));
  await tab.addInitScript(tellPhases, MARK);
}

/** Addresses of the evaluations that this profile holds. */
export function storedEvaluations(tab: Page): Promise<string[]> {
  return tab.evaluate(async () => {
    const keys = await new Promise<IDBValidKey[]>((resolve, reject) => {
      const opening = indexedDB.open("diff-es/evaluations");
      opening.onupgradeneeded = () => opening.transaction?.abort(); // there was no such database
      opening.onerror = () => resolve([]);
      opening.onsuccess = () => {
        const reading = opening.result.transaction("values").objectStore("values").getAllKeys();
        reading.onerror = () => reject(reading.error);
        reading.onsuccess = () => {
          opening.result.close();
          resolve(reading.result);
        };
      };
    });
    return keys.map((key) => (key as [[string, string]])[0][1]);
  });
}

/** Runs in a worker. */
function tellEvaluations(mark: string): void {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    const [concern, address] = (given[1] as unknown as [[string, string]])[0];
    if (concern === "evaluations") {
      console.log(`${mark}|made|${address}`);
      this.transaction.addEventListener("complete", () => console.log(`${mark}|stored|${address}`));
    }
    return put.apply(this, given);
  };
}

/** Runs in the page. */
function tellPhases(mark: string): void {
  let last = "";
  setInterval(() => {
    const phase = document.querySelector('.way [aria-current="step"]')?.textContent ?? last;
    if (phase !== last) console.log(`${mark}|phase|${phase}`);
    last = phase;
  }, 100);
}
