// How the compared pictures are shown: as they are, wiped, or as maps; and through which frame.

import { lossScale, signedScale } from "../../core/colour-scales.ts";
import { type MapId, mapIds, maps } from "../parts/picture-maps.ts";
import { Segmented } from "../parts/segmented.tsx";
import { Slider } from "../parts/slider.tsx";
import type { ZoomControl } from "../parts/use-zoom.ts";
import { Why } from "../parts/why.tsx";
import { why } from "../why.ts";

export interface Look {
  readonly show: "pictures" | "swipe" | MapId;
  /** Of differences. */
  readonly gain: number;
  /** Share of a wiped picture that shows the reference. */
  readonly split: number;
}

const MOST_GAIN = 16;
/** Id of why the line of a wiped picture is there; there is one answer for all of them. */
export const SWIPE_WHY = "why-swipe";

export function CompareTools(props: {
  readonly look: Look;
  readonly onLook: (change: Partial<Look>) => void;
  readonly held: boolean;
  readonly onHold: (held: boolean) => void;
  readonly control: ZoomControl;
}) {
  const { look, onLook, held, onHold, control } = props;
  return (
    <div className="compare-tools">
      <Segmented
        legend="Show"
        why={why.show}
        value={look.show}
        choices={[
          { id: "pictures", label: "Pictures" },
          { id: "swipe", label: "Swipe" },
          ...mapIds.map((id) => ({ id, label: maps[id].label })),
        ]}
        onChange={(show) => onLook({ show })}
      />
      {(look.show === "absolute" || look.show === "signed") && <Gain gain={look.gain} onLook={onLook} />}
      {look.show === "swipe" && (
        <span className="gain small muted">
          Drag the line
          <Why about="the line" id={SWIPE_WHY} why={why.swipe} />
        </span>
      )}
      <Legend show={look.show} />
      <div className="row compare-zoom">
        <button
          type="button"
          className="button"
          aria-pressed={held}
          onPointerDown={() => onHold(true)}
          onPointerUp={() => onHold(false)}
          onPointerLeave={() => onHold(false)}
        >
          Hold to see the first everywhere <kbd>Space</kbd>
        </button>
        <button type="button" className="button icon-only" aria-label="Zoom out" onClick={control.farther}>
          −
        </button>
        <button type="button" className="button zoom-now" aria-label="Show all of it" onClick={control.reset}>
          {control.zoom.scale.toFixed(1)}×
        </button>
        <button type="button" className="button icon-only" aria-label="Zoom in" onClick={control.closer}>
          +
        </button>
      </div>
    </div>
  );
}

function Gain({ gain, onLook }: { readonly gain: number; readonly onLook: (change: Partial<Look>) => void }) {
  return (
    <Slider
      className="gain"
      label="Gain"
      why={why.gain}
      min={1}
      max={MOST_GAIN}
      value={gain}
      text={`${gain}×`}
      onChange={(next) => onLook({ gain: next })}
    />
  );
}

function Legend({ show }: Pick<Look, "show">) {
  if (show === "pictures" || show === "swipe") return null;
  const ends = { absolute: undefined, signed: ["darker", "brighter"], similarity: ["alike", "lost"] }[show];
  const gradient = show === "signed" ? signedScale.gradient : lossScale.gradient;
  return (
    <span className="map-legend small muted" title={maps[show].help}>
      {ends ? (
        <>
          {ends[0]} <i style={{ backgroundImage: gradient }} /> {ends[1]}
        </>
      ) : (
        maps[show].help
      )}
    </span>
  );
}
