// The network of the solvers' fixtures: A x + t/1000 B x.

type Matrix = readonly (readonly number[])[];

export function linearNetwork({ A, B }: { readonly A: Matrix; readonly B: Matrix }) {
  const product = (matrix: Matrix, x: readonly number[], row: number) =>
    x.reduce((sum, value, column) => sum + (matrix[row]?.[column] as number) * value, 0);
  return (x: readonly number[], t: number): number[] =>
    x.map((_, row) => product(A, x, row) + (t / 1000) * product(B, x, row));
}
