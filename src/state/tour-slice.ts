// A tour of the page: the stops, where it is, and where it was left. It goes to views and points at controls; what it
// speaks of, a person does.

import type { Outside, Slice } from "./store.ts";
import type { ViewId } from "./views.ts";

/** In order. An element with `data-tour="ID"` is what a stop points at. */
export const tourStops = [
  { id: "schedule", view: "search" },
  { id: "level", view: "explore" },
  { id: "pictures", view: "explore" },
  { id: "budget", view: "search" },
  { id: "search", view: "search" },
  { id: "compare", view: "compare" },
  { id: "runs", view: "library" },
] as const satisfies readonly { readonly id: string; readonly view: ViewId }[];
export type TourStop = (typeof tourStops)[number];
export type TourStopId = TourStop["id"];

export interface TourSlice {
  readonly tour: {
    readonly open: boolean;
    /** Index of the stop that is shown, or that it was left at. */
    readonly at: number;
  };
  /** From the first stop, or from where it was left. */
  takeTour(): void;
  /** To the next stop or the one before; beyond the last the tour is over. */
  turnTour(by: 1 | -1): void;
  leaveTour(): void;
}

export function createTourSlice({ place }: Outside): Slice<TourSlice> {
  return (write, read) => {
    function arrive(at: number): void {
      const stop = tourStops[at];
      place.keep("tour", String(stop ? at : 0));
      write({ tour: { open: stop !== undefined, at: stop ? at : 0 } });
      if (stop) read().goTo(stop.view);
    }
    return {
      tour: { open: false, at: stopOf(place.recall("tour")) },
      takeTour: () => arrive(read().tour.at),
      turnTour: (by) => arrive(Math.max(0, read().tour.at + by)),
      leaveTour: () => write({ tour: { ...read().tour, open: false } }),
    };
  };
}

function stopOf(kept: string | undefined): number {
  const at = Number(kept);
  return tourStops[at] ? at : 0;
}
