// A newer version of the page that waits until a person asks for it.

import type { Slice } from "./store.ts";

export interface UpdateSlice {
  /** Undefined while there is none. */
  readonly update: { readonly blocked: boolean } | undefined;
  /** @param takeOver reloads the page; false when other tabs are open, which a newer version would disturb */
  offerUpdate(takeOver: () => Promise<boolean>): void;
  takeUpdate(): Promise<void>;
}

export function createUpdateSlice(): Slice<UpdateSlice> {
  let takeOver: () => Promise<boolean> = async () => false;
  return (write) => ({
    update: undefined,
    offerUpdate(offered) {
      takeOver = offered;
      write({ update: { blocked: false } });
    },
    async takeUpdate() {
      write({ update: { blocked: !(await takeOver()) } });
    },
  });
}
