import ndarray, { type NdArray } from 'ndarray';
import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import type { PlainArray, TypedArray } from '../types.js';

/** Typed arrays as ndarray's types name them. */
export type NdarrayData =
  Exclude<TypedArray, BigInt64Array | BigUint64Array> | BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

/**
 * A scijs ndarray over the same memory as the array: what changes in one changes in the other.
 *
 * @param array as any reader gives it; complex numbers get a last axis of two, (re, im)
 * @returns an ndarray in row-major order
 */
export function toNdarray({ dtype, shape, data }: PlainArray): NdArray<NdarrayData> {
  const { parts } = DTYPE_LAYOUTS[dtype];
  return ndarray(data as NdarrayData, parts === 1 ? [...shape] : [...shape, parts]);
}
