// Colour scales whose colours carry meaning, the same in every view and in reports: levels, losses, signed differences.

import type { Ratio } from "./tensor.ts";

/** Viridis: perceptually uniform, readable with any colour vision. Dark is dense, bright is removed. */
const LEVELS = [
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
/** Magma, which has the same virtues and none of the level colours. Dark is harmless, bright is lost. */
const LOSSES = [
  "#0b0724",
  "#1d1147",
  "#3b0f70",
  "#641a80",
  "#8c2981",
  "#b73779",
  "#de4968",
  "#f7705c",
  "#fe9f6d",
  "#fecf92",
  "#fcfdbf",
] as const;

/** Blue below, white for none, red above (ColorBrewer RdBu): told apart with any colour vision. */
const SIGNS = [
  "#053061",
  "#2166ac",
  "#67a9cf",
  "#d1e5f0",
  "#f7f7f7",
  "#fddbc7",
  "#ef8a62",
  "#b2182b",
  "#67001f",
] as const;

export type Rgb = readonly [number, number, number];

/** Colours of shares of the whole, 0 … 1. */
interface Scale {
  /** Red, green, blue, 0 … 255. */
  rgb(share: Ratio): Rgb;
  colour(share: Ratio): string;
  /** Black or white, whichever reads better on that colour. */
  ink(share: Ratio): string;
  /** As a CSS gradient, for legends. */
  readonly gradient: string;
}

const ENTRIES = 256;
/** Luminance against which black and white have the same contrast. */
const EVEN = 0.179;

function scaleOf(anchors: readonly string[]): Scale {
  const entries: readonly Rgb[] = Array.from({ length: ENTRIES }, (_, i) => {
    const at = (i / (ENTRIES - 1)) * (anchors.length - 1);
    const low = channels(anchors[Math.floor(at)] as string);
    const high = channels(anchors[Math.min(anchors.length - 1, Math.floor(at) + 1)] as string);
    return [0, 1, 2].map((c) => Math.round(mix(low[c] as number, high[c] as number, at % 1))) as unknown as Rgb;
  });
  const rgb = (share: Ratio) => entries[Math.round(Math.min(1, Math.max(0, share)) * (ENTRIES - 1))] as Rgb;
  return {
    rgb,
    colour(share) {
      const [r, g, b] = rgb(share);
      return `rgb(${r} ${g} ${b})`;
    },
    ink(share) {
      const [r, g, b] = rgb(share).map(linear) as unknown as Rgb;
      return 0.2126 * r + 0.7152 * g + 0.0722 * b > EVEN ? "#000000" : "#ffffff";
    },
    gradient: `linear-gradient(to right, ${anchors.join(", ")})`,
  };
}

/** Of a sparsity: level / maxLevel. */
export const { rgb: levelRgb, colour: levelColour, ink: inkOn, gradient: levelGradient } = scaleOf(LEVELS);

/** Of a loss: see lossShare. */
export const lossScale = scaleOf(LOSSES);

/** Of a signed difference: 0.5 is none. */
export const signedScale = scaleOf(SIGNS);

/**
 * Where a loss lies on its scale. By the square root: most levels lose little, and it is among these that a search
 * chooses. What gains is as harmless as what loses nothing.
 */
export function lossShare(loss: number, highest: number): Ratio {
  return highest > 0 ? Math.sqrt(Math.max(0, loss) / highest) : 0;
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
