import type { DType, TypedArray } from '../types.js';
import { DTYPE_LAYOUTS } from './dtypes.js';
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from './half-floats.js';
import { HOST_IS_LITTLE_ENDIAN } from './host-byte-order.js';
import { walkStrided } from './strides.js';

function swapWords(bytes: Uint8Array, word: number): void {
  for (let start = 0; start + word <= bytes.length; start += word) bytes.subarray(start, start + word).reverse();
}

const SMALL = 128;

/** A few floats, element by element: one object is made where a copy and a view of it would be two. */
function decodeFewFloats(bytes: Uint8Array, dtype: 'float32' | 'float64', littleEndian: boolean): TypedArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === 'float64') {
    const doubles = new Float64Array(bytes.length / 8);
    for (let i = 0; i < doubles.length; i++) doubles[i] = view.getFloat64(8 * i, littleEndian);
    return doubles;
  }
  const floats = new Float32Array(bytes.length / 4);
  for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat32(4 * i, littleEndian);
  return floats;
}

/**
 * Elements of a file as a typed array of its own memory.
 *
 * @param bytes exactly the bytes of the elements
 * @param dtype element type in the file
 * @param littleEndian byte order of the file
 */
export function decodeElements(bytes: Uint8Array, dtype: DType, littleEndian: boolean): TypedArray {
  const { word, array } = DTYPE_LAYOUTS[dtype];
  const isFloat = dtype === 'float32' || dtype === 'float64';
  if (isFloat && bytes.length <= SMALL * word) return decodeFewFloats(bytes, dtype, littleEndian);
  const copy = new Uint8Array(bytes);
  if (word > 1 && littleEndian !== HOST_IS_LITTLE_ENDIAN) swapWords(copy, word);
  if (dtype === 'float16' || dtype === 'bfloat16') {
    const toNumber = dtype === 'float16' ? float16ToNumber : bfloat16ToNumber;
    return Float32Array.from(new Uint16Array(copy.buffer), toNumber);
  }
  if (dtype === 'bool') for (let i = 0; i < copy.length; i++) copy[i] = copy[i] === 0 ? 0 : 1;
  return new array(copy.buffer);
}

/**
 * Elements of a file where they lie; undefined where they are not in memory as in the file, or not aligned. A piece of memory
 * of its own takes 1 µs (with its collection), a view 0.07.
 */
export function viewElements(bytes: Uint8Array, dtype: DType, littleEndian: boolean): TypedArray | undefined {
  const { word, array } = DTYPE_LAYOUTS[dtype];
  const isOther = dtype === 'float16' || dtype === 'bfloat16' || dtype === 'bool';
  const isSwapped = word > 1 && littleEndian !== HOST_IS_LITTLE_ENDIAN;
  if (isOther || isSwapped || bytes.byteOffset % word !== 0) return undefined;
  return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / word);
}

/** Little-endian bytes of the elements, as `dtype`. The inverse of {@link decodeElements}. */
export function encodeElements(data: TypedArray, dtype: DType): Uint8Array {
  if (dtype === 'float16' || dtype === 'bfloat16') {
    const toBits = dtype === 'float16' ? numberToFloat16 : numberToBfloat16;
    return encodeElements(Uint16Array.from(data as Float32Array, toBits), 'uint16');
  }
  const bytes = new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  if (!HOST_IS_LITTLE_ENDIAN) swapWords(bytes, DTYPE_LAYOUTS[dtype].word);
  if (dtype === 'bool') for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
  return bytes;
}

/** Elements of a column-major array in row-major order. `parts` neighbours (2 for complex numbers) stay together. */
export function columnToRowMajor<T extends TypedArray>(data: T, shape: readonly number[], parts = 1): T {
  const strides = columnMajorStrides(shape);
  if (strides === undefined) return data;
  const result = new (data.constructor as new (length: number) => T)(data.length);
  walkStrided(shape, strides, 0, (position, i) => {
    for (let part = 0; part < parts; part++) result[i * parts + part] = data[position * parts + part]!;
  });
  return result;
}

/** Strides of a column-major array; undefined where its order is the row-major one too. */
function columnMajorStrides(shape: readonly number[]): number[] | undefined {
  if (shape.filter((size) => size !== 1).length < 2) return undefined;
  return shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
}

/** For each element in row-major order its position in column-major order; undefined where the two are the same. */
export function columnMajorPositions(shape: readonly number[]): Uint32Array | undefined {
  const strides = columnMajorStrides(shape);
  if (strides === undefined) return undefined;
  const positions = new Uint32Array(shape.reduce((product, size) => product * size, 1));
  walkStrided(shape, strides, 0, (position, i) => (positions[i] = position));
  return positions;
}
