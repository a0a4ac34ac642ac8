import type { DType } from '../types.js';

/** Data types of elements (table 1-1 of the MAT-file format). */
export const MI_UINT8 = 2;
export const MI_MATRIX = 14;
export const MI_COMPRESSED = 15;

interface StorageType {
  readonly dtype: DType;
  readonly bytes: number;
}

const storage = (dtype: DType, bytes: number): StorageType => ({ dtype, bytes });

/** Numeric storage types by number. */
export const STORAGE_TYPES: ReadonlyMap<number, StorageType> = new Map([
  [1, storage('int8', 1)],
  [2, storage('uint8', 1)],
  [3, storage('int16', 2)],
  [4, storage('uint16', 2)],
  [5, storage('int32', 4)],
  [6, storage('uint32', 4)],
  [7, storage('float32', 4)],
  [9, storage('float64', 8)],
  [12, storage('int64', 8)],
  [13, storage('uint64', 8)],
]);

/** Text storage types: UTF-8, UTF-16, UTF-32. */
export const MI_UTF8 = 16;
export const MI_UTF16 = 17;
export const MI_UTF32 = 18;

/** Array classes. */
export const MX_CELL = 1;
export const MX_STRUCT = 2;
export const MX_OBJECT = 3;
export const MX_CHAR = 4;
export const MX_SPARSE = 5;

/** Numeric classes and the element type that they are. */
export const NUMERIC_CLASSES: ReadonlyMap<number, DType> = new Map([
  [6, 'float64'],
  [7, 'float32'],
  [8, 'int8'],
  [9, 'uint8'],
  [10, 'int16'],
  [11, 'uint16'],
  [12, 'int32'],
  [13, 'uint32'],
  [14, 'int64'],
  [15, 'uint64'],
]);

/** Classes that only MATLAB itself understands. A handle has dimensions before its name, an object has none. */
export const MX_FUNCTION = 16;
export const MX_OPAQUE = 17;

/** Bits of the array flags. */
export const FLAG_LOGICAL = 0x0200;
export const FLAG_COMPLEX = 0x0800;
