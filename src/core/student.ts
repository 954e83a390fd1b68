// Student's t distribution for whole degrees of freedom, by its finite sums (Abramowitz & Stegun 26.7.3 and 26.7.4). Like
// core/math.ts it uses only operations that give the same bits everywhere: what is decided with it reaches hashes.

/** Angles below this are given by the first terms of their series to the last bit. */
const SMALL = 2 ** -4;

/**
 * Chance that a t with so many degrees of freedom (a whole number, at least 1) is greater than `t`; accurate to about
 * 1e-15 absolutely.
 */
export function studentTail(t: number, freedom: number): number {
  if (Math.abs(t) === Number.POSITIVE_INFINITY) return t > 0 ? 0 : 1;
  const sine = t / Math.sqrt(freedom + t * t);
  const cosine2 = freedom / (freedom + t * t);
  const odd = freedom % 2;
  // each term is the one before, times cosine^2 and a fraction: 1 1/2 3/4 5/6 … for even, 1 2/3 4/5 6/7 … for odd freedom
  let term = odd ? Math.sqrt(cosine2) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let i = odd + 1; i <= freedom - 3; i += 2) {
    term *= (cosine2 * i) / (i + 1);
    sum += term;
  }
  const within = odd ? ((angle(t / Math.sqrt(freedom)) + sine * sum) * 2) / Math.PI : sine * sum;
  return (1 - within) / 2;
}

/** The t that is exceeded with chance 1 - `probability`, for probabilities from 1/2 up to 1. */
export function studentQuantile(probability: number, freedom: number): number {
  const tooLow = (t: number) => studentTail(t, freedom) > 1 - probability;
  let high = 1;
  while (tooLow(high)) high *= 2;
  let low = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return high;
    if (tooLow(middle)) low = middle;
    else high = middle;
  }
}

/** The arc tangent: halved until its series is short. */
function angle(tangent: number): number {
  if (Math.abs(tangent) > SMALL) return 2 * angle(tangent / (1 + Math.sqrt(1 + tangent * tangent)));
  const square = tangent * tangent;
  let sum = 0;
  for (let i = 15; i >= 1; i -= 2) sum = 1 / i - square * sum;
  return tangent * sum;
}
