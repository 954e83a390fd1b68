// Round numbers for axes.

const FINEST = 1e-4;

/** Equally far apart, at 1, 2 or 5 times a power of ten, enclosing low … high: about `count` of them, two or more. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const grain = Math.max(FINEST, (high - low) / count);
  const power = 10 ** Math.floor(Math.log10(grain));
  const step = power * ([1, 2, 5, 10].find((multiple) => multiple * power >= grain) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
