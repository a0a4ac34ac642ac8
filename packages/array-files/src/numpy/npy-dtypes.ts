import type { DType } from '../types.js';

/** Kind and item size of a numpy type string, without the byte order. */
export const DTYPE_OF_NUMPY: ReadonlyMap<string, DType> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u8', 'uint64'],
  ['u4', 'uint32'],
  ['u2', 'uint16'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
  ['c8', 'complex64'],
  ['c16', 'complex128'],
]);

export const NUMPY_OF_DTYPE: ReadonlyMap<DType, string> = new Map(
  [...DTYPE_OF_NUMPY].map(([code, dtype]) => [dtype, `${/[a-z]1$/.test(code) && code !== 'c16' ? '|' : '<'}${code}`]),
);

/** Why a kind of numpy types is not read. */
export const REFUSED_KINDS: ReadonlyMap<string, string> = new Map([
  ['V', 'raw bytes are not read'],
  ['M', 'dates are not read'],
  ['m', 'time spans are not read'],
]);
