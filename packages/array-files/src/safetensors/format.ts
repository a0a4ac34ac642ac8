import type { DType } from '../types.js';

/** Names of the element types in a safetensors header. */
export const DTYPE_OF_SAFETENSORS: Readonly<Record<string, DType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
  C64: 'complex64',
};

export const SAFETENSORS_OF_DTYPE: ReadonlyMap<DType, string> = new Map(
  Object.entries(DTYPE_OF_SAFETENSORS).map(([name, dtype]) => [dtype, name]),
);

/** The header may not be longer than this, as in the reference implementation. */
export const MAX_HEADER_BYTES = 100_000_000;

export interface Safetensors<T> {
  readonly tensors: Record<string, T>;
  /** The `__metadata__` of the header; empty where there is none. */
  readonly metadata: Record<string, string>;
}
