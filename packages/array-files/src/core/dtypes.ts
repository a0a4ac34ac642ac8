import { ConfigError } from '@opposable/tensor-checks';
import type { ArrayInput, DType, TypedArray } from '../types.js';

interface DTypeLayout {
  /** bytes of one element in a file */
  readonly bytes: number;
  /** bytes that are swapped together between byte orders */
  readonly word: number;
  /** elements of the typed array per element: 2 for complex numbers */
  readonly parts: number;
  /** class that holds it in memory */
  readonly array: new (buffer: ArrayBuffer, byteOffset?: number, length?: number) => TypedArray;
}

const layout = (bytes: number, array: DTypeLayout['array'], word = bytes): DTypeLayout => ({
  bytes,
  word,
  parts: bytes / word,
  array,
});

export const DTYPE_LAYOUTS: Readonly<Record<DType, DTypeLayout>> = {
  float64: layout(8, Float64Array),
  float32: layout(4, Float32Array),
  float16: layout(2, Float32Array),
  bfloat16: layout(2, Float32Array),
  int64: layout(8, BigInt64Array),
  int32: layout(4, Int32Array),
  int16: layout(2, Int16Array),
  int8: layout(1, Int8Array),
  uint64: layout(8, BigUint64Array),
  uint32: layout(4, Uint32Array),
  uint16: layout(2, Uint16Array),
  uint8: layout(1, Uint8Array),
  bool: layout(1, Uint8Array),
  complex64: layout(8, Float32Array, 4),
  complex128: layout(16, Float64Array, 8),
};

/** Element type of each class of typed array. */
export const DTYPE_OF_CLASS: Readonly<Record<string, DType>> = {
  Float64Array: 'float64',
  Float32Array: 'float32',
  BigInt64Array: 'int64',
  Int32Array: 'int32',
  Int16Array: 'int16',
  Int8Array: 'int8',
  BigUint64Array: 'uint64',
  Uint32Array: 'uint32',
  Uint16Array: 'uint16',
  Uint8Array: 'uint8',
  Buffer: 'uint8',
};

/** Product of the sizes; undefined where they are no array sizes or the product is beyond 2^53. */
export function elementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  let empty = false;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    if (size === 0) empty = true;
    else count *= size;
    if (count > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return empty ? 0 : count;
}

/**
 * Checks an array that is to be written and gives its element type.
 *
 * @throws ConfigError if data, shape and dtype do not fit together
 */
export function checkArrayInput(input: ArrayInput, operation: string, name: string): DType {
  const { shape, data } = input;
  const held = DTYPE_OF_CLASS[data.constructor.name];
  if (held === undefined) {
    throw new ConfigError(`${operation}: expected ${name} to be a typed array, got ${data.constructor.name}.`, {
      expected: Object.keys(DTYPE_OF_CLASS),
      actual: data.constructor.name,
    });
  }
  const dtype = input.dtype ?? held;
  const layoutOf = (DTYPE_LAYOUTS as Partial<Record<string, DTypeLayout>>)[dtype];
  if (layoutOf === undefined) {
    const known = Object.keys(DTYPE_LAYOUTS);
    throw new ConfigError(`${operation}: expected dtype of ${name} to be one of ${known.join(', ')}, got '${dtype}'.`, {
      expected: known,
      actual: dtype,
    });
  }
  const wanted = layoutOf.array.name;
  if (wanted !== data.constructor.name && !(wanted === 'Uint8Array' && data instanceof Uint8Array)) {
    throw new ConfigError(
      `${operation}: expected data of ${name} to be a ${wanted} for dtype ${dtype}, got ${data.constructor.name}.`,
      { expected: wanted, actual: data.constructor.name },
    );
  }
  const count = elementCount(shape);
  if (count === undefined || count * layoutOf.parts !== data.length) {
    throw new ConfigError(
      `${operation}: expected ${name} of shape [${shape.join(', ')}] to have as many elements, got ${data.length}.`,
      { expected: shape, actual: data.length },
    );
  }
  return dtype;
}
