// One schedule of the comparison: which one, its picture as the view shows it, and its numbers.

import { useMemo } from "react";
import { NONE, percent, score } from "../../core/format.ts";
import type { Rgba } from "../../metrics/parts/picture-scores.ts";
import type { SideId } from "../../state/select-comparands.ts";
import { type PictureScores, pictureScores, type Side } from "../../state/select-comparison.ts";
import { Picture } from "../parts/picture.tsx";
import { maps } from "../parts/picture-maps.ts";
import { Wipe } from "../parts/wipe.tsx";
import type { Zoom } from "../parts/zoom.ts";
import { sideLook } from "../side-look.ts";
import { useStudio } from "../studio.tsx";
import { SidePicker } from "./compare-picker.tsx";
import { type Look, SWIPE_WHY } from "./compare-tools.tsx";

/** From here on pixels are seen as they are. */
const SHARP = 1.5;

export interface TileProps {
  readonly id: SideId;
  readonly index: number;
  /** Undefined while there is no such schedule. */
  readonly side: Side | undefined;
  readonly reference: Side | undefined;
  /** Side of a picture. */
  readonly pixels: number;
  readonly picture: number;
  /** Whose prediction is shown; undefined: the result. */
  readonly step: number | undefined;
  /** Of its class. */
  readonly name: string;
  readonly look: Look;
  readonly held: boolean;
  readonly zoom: Zoom;
  readonly onSplit: (split: number) => void;
}

export function CompareTile(props: TileProps) {
  const { id, index, side, reference, picture, step } = props;
  const runs = useStudio((state) => state.session.runs);
  const { label, help } = sideLook(id, runs);
  const shownOf = (one: Side | undefined) => (step === undefined ? one?.pictures[picture] : one?.predicted[step]);
  const own = shownOf(side);
  const other = shownOf(reference);
  return (
    <figure className="side" data-testid={`side-${id}`} aria-label={label}>
      <figcaption>
        <SidePicker id={id} index={index} />
      </figcaption>
      {own ? (
        <Frame
          {...props}
          own={own}
          other={other}
          label={label}
          against={reference && sideLook(reference.id, runs).label}
        />
      ) : (
        <div className={side?.progress ? "frame waiting" : "frame"}>
          <span className="frame-note">{waitingText(side) ?? help}</span>
        </div>
      )}
      {side && step !== undefined && <p className="small side-stage">{stageNow(side, step)}</p>}
      {side && <Scores {...props} side={side} own={own} other={other} />}
    </figure>
  );
}

/** What the step ran with. */
function stageNow({ schedule, stageOfStep, maxLevel }: Side, step: number): string {
  const stage = stageOfStep[step];
  if (!schedule || stage === undefined) return "nothing removed";
  return `stage ${stage + 1} of ${schedule.division.length} · level ${schedule.levels[stage]} of ${maxLevel}`;
}

function waitingText(side: Side | undefined): string | undefined {
  if (!side) return undefined;
  if (side.failed) return "Not drawn; see the message above.";
  return side.progress ? `drawing, step ${side.progress.done} of ${side.progress.total}` : "waits to be drawn";
}

interface FrameProps extends TileProps {
  readonly own: Rgba;
  readonly other: Rgba | undefined;
  readonly label: string;
  /** Name of the reference. */
  readonly against: string | undefined;
}

function Frame(props: FrameProps) {
  const { own, other, label, against, pixels, name, look, held, zoom, side, onSplit } = props;
  const { show, gain, split } = look;
  const compared = other !== undefined && side?.reference === false;
  const shown = useMemo(() => {
    if (held && other) return other;
    if (!compared || show === "pictures" || show === "swipe") return own;
    return maps[show].paint(own, other, pixels, gain);
  }, [own, other, compared, held, show, gain, pixels]);
  const wiped = compared && show === "swipe" && !held;
  const map = compared && !held && show !== "pictures" && show !== "swipe" ? `, ${maps[show].label}` : "";
  const style = {
    transform: `scale(${zoom.scale}) translate(${-100 * zoom.x}%, ${-100 * zoom.y}%)`,
    imageRendering: zoom.scale >= SHARP ? ("pixelated" as const) : undefined,
    touchAction: zoom.scale > 1 ? "none" : undefined,
  };
  return (
    <div className="frame">
      <div className="frame-picture" style={style}>
        <Picture pixels={shown} side={pixels} alt={`${label}, ${name}${map}, large`} />
      </div>
      {wiped && (
        <Wipe label={`${against} left, ${label} right of the line`} details={SWIPE_WHY} split={split} onSplit={onSplit}>
          <div className="frame-picture" style={style}>
            <Picture pixels={other} side={pixels} alt={`${against}, ${name}, large`} />
          </div>
        </Wipe>
      )}
    </div>
  );
}

interface ScoresProps extends Pick<TileProps, "picture" | "step" | "pixels"> {
  readonly side: Side;
  readonly own: Rgba | undefined;
  readonly other: Rgba | undefined;
}

function Scores({ side, picture, step, pixels, own: shown, other }: ScoresProps) {
  const own = useMemo(
    () =>
      step !== undefined && shown && other && !side.reference
        ? { ...pictureScores(shown, other, pixels), latentError: Number.NaN }
        : side.scores[picture],
    [shown, other, side, picture, step, pixels],
  );
  if (side.reference) return <p className="muted small">The others are compared with this one.</p>;
  const cell = (scores: PictureScores | undefined, key: keyof typeof numbers) =>
    scores ? numbers[key].text(scores[key]) : NONE;
  return (
    <table className="scores">
      <thead>
        <tr>
          <td />
          <th scope="col">this</th>
          <th scope="col">mean of {side.pictures.length}</th>
        </tr>
      </thead>
      <tbody>
        {(["ssim", "psnr", "latentError"] as const).map((key) => (
          <tr key={key} title={numbers[key].help}>
            <th scope="row">{numbers[key].label}</th>
            <td>{cell(own, key)}</td>
            <td>{cell(side.mean, key)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const numbers = {
  ssim: { label: "SSIM", help: "Structural similarity to the reference; 1 is identical", text: score },
  psnr: {
    label: "PSNR",
    help: "Peak signal-to-noise ratio to the reference; 100 dB stands for identical",
    text: (value: number) => `${value.toFixed(1)}\u00a0dB`,
  },
  latentError: {
    label: "Latents",
    help: "Squared difference of the final latents from the reference’s, over the square of these",
    text: (value: number) => (Number.isNaN(value) ? NONE : `${percent(value)} off`),
  },
} as const;
