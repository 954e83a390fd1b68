// Pictures of any size -> squares as models are trained on them (ADM's and DiT's centre crop): halved by a box while
// the short side is at least twice the square's, brought to it bicubically, and cut in the middle. The convolution is
// Pillow's, whose filters widen when a picture shrinks, so that nothing aliases, and whose bicubic has a = -0.5. Unlike the
// original, nothing is rounded and clamped to 8 bits between the passes: in noise that makes a few of 255 levels.

import { roundHalfEven } from "./math.ts";
import type { Tensor } from "./tensor.ts";

/** 8 bits a channel, not premultiplied. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4] */
  readonly data: Uint8Array;
}

/** The middle of a picture on a white ground, [3, side, side] in [-1, 1]. */
export function centreSquare(picture: RgbaPicture, side: number): Tensor {
  const data = new Float32Array(3 * side * side);
  for (let channel = 0; channel < 3; channel++) {
    let plane = onWhite(picture, channel);
    while (shortSide(plane) >= 2 * side)
      plane = resized(plane, Math.floor(plane.width / 2), Math.floor(plane.height / 2), BOX);
    const scale = side / shortSide(plane);
    plane = resized(plane, roundHalfEven(scale * plane.width), roundHalfEven(scale * plane.height), BICUBIC);
    data.set(middle(plane, side), channel * side * side);
  }
  return { shape: [3, side, side], data: data.map((value) => Math.min(1, Math.max(-1, value))) }; // cubics overshoot
}

/** One channel. */
interface Plane {
  readonly width: number;
  readonly height: number;
  /** [height, width], 0 … 255 -> [-1, 1] */
  readonly values: Float32Array;
}

function shortSide({ width, height }: Plane): number {
  return Math.min(width, height);
}

function onWhite({ width, height, data }: RgbaPicture, channel: number): Plane {
  const values = new Float32Array(width * height);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const darkness = 255 - (data[4 * pixel + channel] as number);
    const alpha = (data[4 * pixel + 3] as number) / 255;
    values[pixel] = 1 - (darkness * alpha) / 127.5;
  }
  return { width, height, values };
}

function middle({ width, height, values }: Plane, side: number): Float32Array {
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const cut = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    const start = (top + row) * width + left;
    cut.set(values.subarray(start, start + side), row * side);
  }
  return cut;
}

interface Filter {
  /** Distance from which on the weight is 0, in pixels of the coarser picture. */
  readonly support: number;
  weight(distance: number): number;
}

const BOX: Filter = { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };

/** Keys' cubic convolution (1981) with a = -0.5. */
const BICUBIC: Filter = {
  support: 2,
  weight: (distance) => {
    const x = Math.abs(distance);
    if (x >= 2) return 0;
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
  },
};

function resized(plane: Plane, width: number, height: number, filter: Filter): Plane {
  return turnedWithRows(turnedWithRows(plane, width, filter), height, filter);
}

/** Every row resampled to `length` pixels, and the plane transposed: twice does both sides. */
function turnedWithRows({ width, height, values }: Plane, length: number, filter: Filter): Plane {
  const turned = new Float32Array(length * height);
  for (const [index, { first, weights }] of taps(width, length, filter).entries())
    for (let row = 0; row < height; row++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * (values[row * width + first + k] as number);
      turned[index * height + row] = sum;
    }
  return { width: height, height: length, values: turned };
}

/** What each of `to` pixels takes from a row of `from`: weights, of sum 1, of the pixels from `first` on. */
function taps(from: number, to: number, { support, weight }: Filter) {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support * stretch + 0.5));
    const end = Math.min(from, Math.floor(centre + support * stretch + 0.5));
    const raw = Float64Array.from({ length: end - first }, (_, k) => weight((first + k + 0.5 - centre) / stretch));
    const sum = raw.reduce((total, value) => total + value, 0);
    return { first, weights: raw.map((value) => value / sum) };
  });
}
