// The views of the page, by the names that links use, in the order of the tabs.

export const viewIds = ["explore", "search", "compare", "library"] as const;
export type ViewId = (typeof viewIds)[number];
/** Of a visit whose link names none. */
export const START: ViewId = "search";

export function isView(name: string): name is ViewId {
  return (viewIds as readonly string[]).includes(name);
}
