// build/packed.ts in the eyes of the compiler.

declare module "*?packed" {
  export const url: string;
}
