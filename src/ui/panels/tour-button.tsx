// Begins the tour, or takes it up where it was left.

import { tourStops } from "../../state/tour-slice.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function TourButton({ onTaken }: { readonly onTaken?: () => void }) {
  const at = useStudio((state) => state.tour.at);
  const takeTour = useStudio((state) => state.takeTour);
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        onTaken?.();
        takeTour();
      }}
    >
      <Icon name="play" />
      {at > 0 ? `Go on with the tour, ${at + 1} of ${tourStops.length}` : "Take the tour, two minutes"}
    </button>
  );
}
