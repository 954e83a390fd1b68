// The shelf of views: a new one is a file, a name in state/views.ts and a line here. All but the one that a visit starts
// with arrive when they are first shown.

import { type ComponentType, lazy } from "react";
import type { ViewId } from "../../state/views.ts";
import { SearchView } from "./search.tsx";

interface View {
  readonly label: string;
  readonly Component: ComponentType;
}

export const views: Readonly<Record<ViewId, View>> = {
  explore: {
    label: "Explore",
    Component: lazy(() => import("./explore.tsx").then(({ ExploreView }) => ({ default: ExploreView }))),
  },
  search: { label: "Search", Component: SearchView },
  compare: {
    label: "Compare",
    Component: lazy(() => import("./compare.tsx").then(({ CompareView }) => ({ default: CompareView }))),
  },
  library: {
    label: "Runs",
    Component: lazy(() => import("./library.tsx").then(({ LibraryView }) => ({ default: LibraryView }))),
  },
};
