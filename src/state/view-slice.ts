// Which view is shown. The address follows it (store.ts): every change is an entry in the browser's history.

import { readAddress } from "./address.ts";
import type { Outside, Slice } from "./store.ts";
import type { ViewId } from "./views.ts";

export interface ViewSlice {
  readonly view: ViewId;
  goTo(view: ViewId): void;
}

export function createViewSlice({ place }: Outside): Slice<ViewSlice> {
  return (write) => ({
    view: readAddress(place.readHash()).view,
    goTo: (view) => write({ view }),
  });
}
