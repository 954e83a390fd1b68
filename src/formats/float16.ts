// Half precision and bfloat16 to and from float32, by bits.

import { roundHalfEven } from "../core/math.ts";

const word = new DataView(new ArrayBuffer(4));
let table: Float32Array | undefined;

/** IEEE 754 binary16 to float32, exactly. */
export function fromHalves(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => fromHalf(bits));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i]!]!;
  return floats;
}

/** The nearest halves, ties to even, infinite beyond 65504. */
export function toHalves(floats: Float32Array): Uint16Array {
  return Uint16Array.from(floats, toHalf);
}

/** A bfloat16 is the upper half of a float32. */
export function fromBrains(brains: Uint16Array): Float32Array {
  const bits = new Uint32Array(brains.length);
  for (let i = 0; i < brains.length; i++) bits[i] = brains[i]! << 16;
  return new Float32Array(bits.buffer);
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function toHalf(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00; // NaN
  if (size >= 0x477ff000) return sign | 0x7c00; // rounds to 65536 or is larger
  if (size < 0x38800000) return sign | roundHalfEven(Math.abs(value) * 2 ** 24); // subnormal halves count in 2^-24
  const rounded = size + 0xfff + ((size >> 13) & 1); // may carry into the exponent, as it should
  return sign | ((rounded - 0x38000000) >> 13);
}
