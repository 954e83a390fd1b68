// Colours that carry meaning, defined once: the level scale, the same in every view, and one colour per schedule.
// Everything else about colour, type and space lives in theme.css as custom properties.

import type { Ratio } from "../core/tensor.ts";
import type { ScheduleId } from "../engine/api.ts";

/** Anchors of viridis: perceptually uniform, readable with any colour vision. Dark is dense, bright is removed. */
const ANCHORS = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6dcd59",
  "#b4de2c",
  "#fde725",
] as const;
const ENTRIES = 256;

type Rgb = readonly [number, number, number];

const scale: readonly Rgb[] = Array.from({ length: ENTRIES }, (_, i) => {
  const at = (i / (ENTRIES - 1)) * (ANCHORS.length - 1);
  const low = channels(ANCHORS[Math.floor(at)] as string);
  const high = channels(ANCHORS[Math.min(ANCHORS.length - 1, Math.floor(at) + 1)] as string);
  return [0, 1, 2].map((c) => Math.round(mix(low[c] as number, high[c] as number, at % 1))) as unknown as Rgb;
});

/** Colour of a sparsity: level / maxLevel. */
export function levelColour(sparsity: Ratio): string {
  const [r, g, b] = entry(sparsity);
  return `rgb(${r} ${g} ${b})`;
}

/** Luminance against which black and white have the same contrast. */
const EVEN = 0.179;

/** Black or white, whichever reads better on that level's colour. */
export function inkOn(sparsity: Ratio): string {
  const [r, g, b] = entry(sparsity).map(linear) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > EVEN ? "#000000" : "#ffffff";
}

/** The scale as a CSS gradient, for legends. */
export const levelGradient = `linear-gradient(to right, ${ANCHORS.join(", ")})`;

export interface ScheduleLook {
  readonly label: string;
  /** Where the schedule comes from, for a person who sees it for the first time. */
  readonly help: string;
  readonly colour: string;
}

export const looks: Readonly<Record<ScheduleId, ScheduleLook>> = {
  dense: { label: "Dense", help: "Nothing removed: the reference.", colour: "var(--dense)" },
  uniform: { label: "Uniform", help: "Every stage pruned equally.", colour: "var(--uniform)" },
  mosaic: {
    label: "MosaicDiff",
    help: "Three stages set by a hand-made rule, reconstructed from the paper's text.",
    colour: "var(--mosaic)",
  },
  searched: { label: "Searched", help: "Found by evolution under the same budget.", colour: "var(--searched)" },
  yours: { label: "Yours", help: "Set by hand.", colour: "var(--dense)" },
};

function entry(sparsity: Ratio): Rgb {
  return scale[Math.round(Math.min(1, Math.max(0, sparsity)) * (ENTRIES - 1))] as Rgb;
}

/** An sRGB channel, 0 … 255, as light, 0 … 1. */
function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function channels(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

function mix(low: number, high: number, share: number): number {
  return low + (high - low) * share;
}
