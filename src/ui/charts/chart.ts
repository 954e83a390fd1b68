// A chart is a title, what it reads from the store's state, and a component that draws exactly that: no chart knows
// the store. A new chart is one file and one line in index.ts.

import type { ComponentType } from "react";
import type { StudioState } from "../../state/store.ts";

export interface ChartSpec<D> {
  readonly title: string;
  /** One sentence under the title. */
  readonly about: string;
  /** What will appear here, while there is nothing to draw. */
  readonly empty: string;
  /** Undefined while there is nothing to draw. Memoised. */
  readonly select: (state: StudioState) => D | undefined;
  readonly Component: ComponentType<{ readonly data: D }>;
}
