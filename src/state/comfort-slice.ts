// What a person asks of the browser while work goes on: to be told when it ends, and a screen that stays on. Asked for
// once, kept for later visits. The browser's part is the page's (ui/parts/comforts.ts).

import type { Outside, Slice } from "./store.ts";

export const comforts = ["notify", "awake"] as const;
export type Comfort = (typeof comforts)[number];

export interface ComfortSlice {
  readonly comfort: Readonly<Record<Comfort, boolean>>;
  setComfort(name: Comfort, wanted: boolean): void;
}

export function createComfortSlice({ place }: Outside): Slice<ComfortSlice> {
  const kept = (name: Comfort) => place.recall(name) === "true";
  return (write) => ({
    comfort: { notify: kept("notify"), awake: kept("awake") },
    setComfort(name, wanted) {
      place.keep(name, String(wanted));
      write(({ comfort }) => ({ comfort: { ...comfort, [name]: wanted } }));
    },
  });
}
