// Selectors that build something new (rows, points) must return the same object until what they read changes,
// or every change of the store would draw every chart again.

/** Builds again only when one of the inputs is another object than last time. */
export function memoise<S, D extends readonly unknown[], R>(
  inputs: (state: S) => readonly [...D],
  build: (...inputs: D) => R,
): (state: S) => R {
  let last: { readonly inputs: readonly [...D]; readonly result: R } | undefined;
  return (state) => {
    const now = inputs(state);
    if (!last || now.some((input, i) => !Object.is(input, last?.inputs[i])))
      last = { inputs: now, result: build(...now) };
    return last.result;
  };
}
