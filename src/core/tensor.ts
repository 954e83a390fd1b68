// The one array type of the project and the unit aliases that say what a number means.
// Row-major, dense, no strides: what crosses a worker, a file or a device is exactly `data`.

export type TensorData = Float32Array | Int32Array;

/** A dense row-major array; `data.length` is the product of `shape`. */
export interface Tensor<D extends TensorData = Float32Array> {
  readonly shape: readonly number[];
  readonly data: D;
}
export type Int32Tensor = Tensor<Int32Array>;
export type AnyTensor = Tensor | Int32Tensor;

/** Training-time noise index, 0 (clean) … T-1 (pure noise). */
export type Timestep = number;
/** Position in the sampling order, 0 = first, noisiest. */
export type StepIndex = number;
/** Stage in sampling order, 0 = first, noisiest. */
export type StageIndex = number;
/** Discrete notch of pruning, 0 (dense) … maxLevel. */
export type Level = number;
/** A share in [0, 1]. */
export type Ratio = number;
export type Milliseconds = number;
export type Bytes = number;
/** Multiply-accumulate operations of one forward pass of one picture, unless said otherwise. */
export type Macs = number;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** @throws Error when `data` does not fill `shape`: a bug of the caller, not bad input. */
export function tensor<D extends TensorData>(data: D, shape: readonly number[]): Tensor<D> {
  if (data.length !== sizeOf(shape)) throw new Error(`tensor: ${data.length} values do not fill [${shape.join(", ")}]`);
  return { shape, data };
}

export function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(sizeOf(shape)) };
}
