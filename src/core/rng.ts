// The only source of randomness: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// It is a keyed function of a counter, so a stream is its name and a position: streams with different names never
// meet, adding a draw to one does not shift another, and a snapshot of a stream is one integer.

import { cos, log, sin } from "./math.ts";

/** A sequence of random words, and where it stands. */
export interface Sequence {
  /** 32-bit words used so far: all the state there is. */
  readonly position: number;
  seek(position: number): void;
}

/** Draws of whole numbers. */
export interface Choices extends Sequence {
  /** Uniform in 0 … n - 1 without bias, 1 <= n <= 2^32. */
  below(n: number): number;
  /** Uniform in low … high, both included. */
  integer(low: number, high: number): number;
  /** Two different ones of 0 … n - 1, every ordered pair equally likely, n >= 2. */
  pair(n: number): readonly [number, number];
}

/** Draws of weights. */
export interface Exponentials extends Sequence {
  /** Mean 1. */
  exponential(): number;
}

/** One independent sequence of draws. */
export interface Stream extends Choices, Exponentials {
  /** Uniform in 0 … 2^32 - 1. */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Mean 0, variance 1. */
  normal(): number;
  /** A copy in random order. */
  shuffle<T>(items: readonly T[]): T[];
}

type Path = readonly (string | number)[];

/** The stream of this name. Equal seed and path give equal draws on every engine and device. */
export function stream(seed: number, ...path: Path): Stream {
  const [k0, k1] = keyOf(seed, path);
  const block = new Uint32Array(4);
  let position = 0;
  let filled = -1;

  const uint32 = (): number => {
    const index = Math.floor(position / 4);
    if (index !== filled) {
      philox(index % 2 ** 32, Math.floor(index / 2 ** 32), 0, 0, k0, k1, block);
      filled = index;
    }
    return block[position++ % 4] as number;
  };
  const uniform = (): number => fraction(uint32(), uint32());
  const below = (n: number): number => {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) throw new Error(`below: ${n} is not in 1 … 2^32`);
    const limit = 2 ** 32 - (2 ** 32 % n); // the last, incomplete run of n would favour small results
    let draw = uint32();
    while (draw >= limit) draw = uint32();
    return draw % n;
  };
  return {
    uint32,
    uniform,
    below,
    integer: (low, high) => low + below(high - low + 1),
    pair(n) {
      const first = below(n);
      const other = below(n - 1);
      return [first, other < first ? other : other + 1];
    },
    normal: () => radius(uniform()) * cos(2 * Math.PI * uniform()),
    exponential: () => -log(1 - uniform()),
    shuffle(items) {
      const order = [...items];
      for (let i = order.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j] as (typeof order)[number], order[i] as (typeof order)[number]];
      }
      return order;
    },
    get position() {
      return position;
    },
    seek(to) {
      if (!(Number.isSafeInteger(to) && to >= 0)) throw new Error(`seek: ${to} is not a position`);
      position = to;
    },
  };
}

/** `count` standard normals. Element i depends on seed, path and i only, so a longer draw starts with the shorter one. */
export function normals(seed: number, path: Path, count: number): Float32Array {
  const [k0, k1] = keyOf(seed, path);
  const block = new Uint32Array(4);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    philox(i / 2, 0, 0, 0, k0, k1, block); // one block holds the two uniforms of one Box-Muller pair
    const r = radius(fraction(block[0] as number, block[1] as number));
    const angle = 2 * Math.PI * fraction(block[2] as number, block[3] as number);
    values[i] = r * cos(angle);
    if (i + 1 < count) values[i + 1] = r * sin(angle);
  }
  return values;
}

/** Uniform in [0, 1) from two words. */
export function fraction(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

function radius(uniform: number): number {
  return Math.sqrt(-2 * log(1 - uniform));
}

const NUMBER = 1;
const TEXT = 2;

/** Absorbs seed and path part by part. Word 3 is zero in a stream's own counters, so no stream repeats a key. */
function keyOf(seed: number, path: Path): readonly [number, number] {
  const key = new Uint32Array(4);
  const digest = new DataView(new ArrayBuffer(8));
  for (const part of [seed, ...path]) {
    if (typeof part === "number") {
      if (!Number.isFinite(part)) throw new Error(`stream: ${part} cannot name a stream`);
      digest.setFloat64(0, part + 0); // -0 + 0 = 0
    } else {
      digest.setUint32(0, fnv(part, 0x811c9dc5));
      digest.setUint32(4, fnv(part, 0x050c5d1f));
    }
    const kind = typeof part === "number" ? NUMBER : TEXT;
    philox(digest.getUint32(0), digest.getUint32(4), 0, kind, key[0] as number, key[1] as number, key);
  }
  return [key[0] as number, key[1] as number];
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function fnv(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Ten rounds on the counter c0 … c3 under the key k0, k1, all 32-bit; writes four words to `out`. */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high2 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const low2 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high2 ^ c1 ^ k0) >>> 0;
    c1 = low2;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Upper 32 bits of a 64-bit product, from 16-bit halves whose sums stay exact in a double. */
function multiplyHigh(a: number, b: number): number {
  const a1 = a >>> 16;
  const a0 = a & 0xffff;
  const b1 = b >>> 16;
  const b0 = b & 0xffff;
  const middle = a1 * b0 + a0 * b1 + Math.floor((a0 * b0) / 65536);
  return a1 * b1 + Math.floor(middle / 65536);
}
