// log, exp, sin and cos with the same bits everywhere. ECMAScript leaves the accuracy of Math.log and its
// siblings to each engine, so a noise tensor or a schedule drawn through them would differ between browsers.
// These use only +, -, *, /, Math.floor and the bits of a double, all of which IEEE 754 fixes (Math.sqrt, used
// elsewhere, is the machine's correctly rounded instruction in every engine). Errors stay below one unit in the
// last place. Not for pixels or network arithmetic: what never reaches a hash may use Math.
//
// Reductions and polynomials are those of FreeBSD's msun (e_log.c, e_exp.c, e_rem_pio2.c, k_sin.c, k_cos.c):
// Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
// distribute this software is freely granted, provided that this notice is preserved.

const bits = new DataView(new ArrayBuffer(8));

const LN2_HIGH = 0.6931471803691238; // its last 21 bits are zero: k * LN2_HIGH is exact
const LN2_LOW = 1.9082149292705877e-10;

/** Natural logarithm. NaN below zero, -Infinity at zero. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x < 0 ? NaN : x;
  if (x < 2 ** -1022) return log(x * 2 ** 54) - 54 * (LN2_HIGH + LN2_LOW);
  // x = 2^k (1 + f) with sqrt(1/2) < 1 + f < sqrt(2); 0x3fe6a09e starts the bits of sqrt(1/2)
  bits.setFloat64(0, x);
  const high = bits.getInt32(0) + (0x3ff00000 - 0x3fe6a09e);
  const k = (high >> 20) - 1023;
  bits.setInt32(0, (high & 0xfffff) + 0x3fe6a09e);
  const f = bits.getFloat64(0) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return s * (half + even + odd) + k * LN2_LOW - half + f + k * LN2_HIGH;
}

/** e^x, 0 and Infinity beyond the range of a double. */
export function exp(x: number): number {
  if (!(x > -746)) return x <= -746 ? 0 : NaN;
  if (x > 709.782712893384) return Infinity;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low; // |r| <= ln(2) / 2
  const z = r * r;
  const c =
    r -
    z *
      (0.16666666666666602 +
        z *
          (-0.0027777777777015593 +
            z * (6.613756321437934e-5 + z * (-1.6533902205465252e-6 + z * 4.1381367970572385e-8))));
  const y = 1 + ((r * c) / (2 - c) - low + high);
  const half = k >> 1; // in two factors, because 2^k alone may leave the range where the product does not
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/** -1022 <= k <= 1023 */
function powerOfTwo(k: number): number {
  bits.setInt32(0, (k + 1023) << 20);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/** Sine of x radians, |x| <= 1e6. */
export function sin(x: number): number {
  return quarterWave(x, 0);
}

/** Cosine of x radians, |x| <= 1e6. */
export function cos(x: number): number {
  return quarterWave(x, 1);
}

/** sin(x + quarters * pi/2): x minus the nearest multiple of pi/2 goes to one of two polynomials on [-pi/4, pi/4]. */
function quarterWave(x: number, quarters: number): number {
  if (!(Math.abs(x) <= 1e6)) throw new Error(`sin, cos: ${x} is outside [-1e6, 1e6]`);
  const n = Math.floor(x * 0.6366197723675814 + 0.5); // 2 / pi
  // pi/2 in pieces of 33 bits: the first two products are exact
  const first = x - n * 1.5707963267341256;
  const second = n * 6.077100506303966e-11;
  const high = first - second;
  const error = n * 2.0222662487959506e-21 - (first - high - second);
  const r = high - error;
  const tail = high - r - error;
  const quadrant = (n + quarters) & 3;
  const value = quadrant % 2 === 0 ? sinKernel(r, tail) : cosKernel(r, tail);
  return quadrant < 2 ? value : -value;
}

function sinKernel(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * 2.7557313707070068e-6) +
    z * w * (-2.5050760253406863e-8 + z * 1.58969099521155e-10);
  const v = z * x;
  return x - (z * (0.5 * tail - v * r) - tail - v * -0.16666666666666632);
}

function cosKernel(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 2.480158728947673e-5)) +
    w * w * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11));
  const half = 0.5 * z;
  const lead = 1 - half;
  return lead + (1 - lead - half + (z * r - x * tail));
}

/** The nearest integer, halves to the even one: Python's `round`, which the reference uses for every border and level. */
export function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}
