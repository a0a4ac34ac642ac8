import { ConfigError } from '@opposable/tensor-checks';
import type { NdArray } from 'ndarray';
import { DTYPE_OF_CLASS } from '../core/dtypes.js';
import { isRowMajor, walkStrided } from '../core/strides.js';
import type { PlainArray, TypedArray } from '../types.js';
import type { NdarrayData } from './to-ndarray.js';

/** What {@link fromNdarray} takes: an ndarray of any storage. */
export type AnyNdarray = Pick<NdArray<NdarrayData | number[]>, 'data' | 'shape' | 'stride' | 'offset'>;

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
  walkStrided(shape, stride, offset, (position, i) => (gathered[i] = source[position]!));
  return { dtype, shape: [...shape], data: gathered };
}
