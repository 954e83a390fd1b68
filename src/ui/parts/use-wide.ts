// Whether the settings stand beside the view, as the style sheets decide it: not on a phone.

import { useSyncExternalStore } from "react";

const WIDE = "(width >= 56rem)";

export function useWide(): boolean {
  return useSyncExternalStore(followWidth, () => window.matchMedia(WIDE).matches);
}

function followWidth(changed: () => void): () => void {
  const wide = window.matchMedia(WIDE);
  wide.addEventListener("change", changed);
  return () => wide.removeEventListener("change", changed);
}
