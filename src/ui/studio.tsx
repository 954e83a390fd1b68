// How components reach the store: `useStudio(selector)`. The store itself never changes; selectors that build new
// objects are memoised in state/selectors.ts.

import { createContext, type ReactNode, use, useSyncExternalStore } from "react";
import type { StudioState, StudioStore } from "../state/store.ts";

const StudioContext = createContext<StudioStore | undefined>(undefined);

export function StudioProvider({ store, children }: { readonly store: StudioStore; readonly children: ReactNode }) {
  return <StudioContext value={store}>{children}</StudioContext>;
}

export function useStudio<T>(select: (state: StudioState) => T): T {
  const store = use(StudioContext);
  if (!store) throw new Error("useStudio: no store above this component");
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}
