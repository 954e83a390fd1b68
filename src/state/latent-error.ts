// How far latents lie from those that they are compared with.

/** Squared difference over the squares of `reference`, of the values from `begin` to before `end`. */
export function latentError(
  own: ArrayLike<number>,
  reference: ArrayLike<number>,
  begin = 0,
  end = reference.length,
): number {
  let [difference, whole] = [0, 0];
  for (let i = begin; i < end; i++) {
    const value = reference[i] as number;
    difference += (value - (own[i] ?? 0)) ** 2;
    whole += value ** 2;
  }
  return difference / whole;
}
