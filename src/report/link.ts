// The page with the settings of a search: nothing starts when it is opened.

import type { SearchRequest } from "../engine/api.ts";
import { encodeSettings } from "../state/settings.ts";

/** @param page the address of a studio, whatever it shows */
export function pageLink(page: string, request: SearchRequest): string {
  const address = new URL(page);
  address.hash = encodeSettings(request);
  return address.href;
}
