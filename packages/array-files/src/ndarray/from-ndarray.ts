import { ConfigError } from '@opposable/tensor-checks';
import type { NdArray } from 'ndarray';
import { DTYPE_OF_CLASS } from '../core/dtypes.js';
import type { PlainArray, TypedArray } from '../types.js';
import type { NdarrayData } from './to-ndarray.js';

/** What {@link fromNdarray} takes: an ndarray of any storage. */
export type AnyNdarray = Pick<NdArray<NdarrayData | number[]>, 'data' | 'shape' | 'stride' | 'offset'>;

const isRowMajor = (shape: readonly number[], stride: readonly number[]): boolean => {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
};

/**
 * The array of a scijs ndarray, for any of the writers: in row-major order, whatever its strides.
 *
 * @param array a view of a typed array, or of an ordinary array of numbers (read as float64)
 * @returns numbers of its own memory where the view is strided, otherwise the ndarray's own
 * @throws ConfigError if the storage is neither a typed array nor an array of numbers
 */
export function fromNdarray({ data, shape, stride, offset }: AnyNdarray): PlainArray {
  const dtype = Array.isArray(data) ? 'float64' : DTYPE_OF_CLASS[data.constructor.name];
  if (dtype === undefined) {
    const found = (data as object).constructor.name;
    throw new ConfigError(`fromNdarray: expected an ndarray over a typed array or numbers, got ${found}.`, {
      expected: Object.keys(DTYPE_OF_CLASS),
      actual: found,
    });
  }
  const source: TypedArray = Array.isArray(data) ? Float64Array.from(data) : data;
  const count = shape.reduce((product, size) => product * size, 1);
  if (isRowMajor(shape, stride)) return { dtype, shape: [...shape], data: source.subarray(offset, offset + count) };
  const gathered = new (source.constructor as new (length: number) => TypedArray)(count);
  const index = shape.map(() => 0);
  let position = offset;
  for (let i = 0; i < count; i++) {
    gathered[i] = source[position]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      position -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { dtype, shape: [...shape], data: gathered };
}
