/** Element types. `float16` and `bfloat16` are held as Float32Array, `bool` as 0/1 bytes, complex numbers as (re, im) pairs. */
export type DType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'
  | 'complex64'
  | 'complex128';

export type TypedArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** An array as every reader of this package gives it: row-major (the last index varies fastest), elements in host byte order. */
export interface PlainArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** An array as every writer takes it: the element type is that of `data` unless `dtype` says otherwise. */
export interface ArrayInput {
  readonly dtype?: DType | undefined;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** The bytes of a file. */
export type Bytes = Uint8Array | ArrayBuffer;

/** Guards for files from others. */
export interface ReadLimits {
  /** Most bytes that all the contents of one file may take once decompressed. Default 2^30. */
  readonly maxBytes?: number | undefined;
}

/** An array of texts: numpy's `U` and (read as Latin-1) `S`, without the zeros that pad them. */
export interface TextArray {
  readonly dtype: 'text';
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: readonly string[];
}

/** An array of Python objects. */
export interface ObjectArray {
  readonly dtype: 'object';
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: readonly PickleValue[];
}

/** A structured array, one array per field: that of field `a` has the shape of the records and then that of `a` itself. */
export interface RecordArray {
  readonly dtype: 'record';
  readonly shape: readonly number[];
  readonly fields: Readonly<Record<string, NumpyArray>>;
}

/** Whatever a numpy array can hold. */
export type NumpyArray = PlainArray | TextArray | ObjectArray | RecordArray;

/** scipy's compressed columns ('csc') or rows ('csr'). */
export interface CompressedSparseMatrix {
  readonly format: 'csc' | 'csr';
  readonly dtype: DType;
  /** rows, columns */
  readonly shape: readonly [number, number];
  readonly data: TypedArray;
  /** Row (csc) or column (csr) of each value. */
  readonly indices: Int32Array;
  /** Where the values of each column (csc) or row (csr) start; one more than there are of them. */
  readonly indptr: Int32Array;
}

/** scipy's coordinate format. Values that share a place add up. */
export interface CoordinateSparseMatrix {
  readonly format: 'coo';
  readonly dtype: DType;
  /** rows, columns */
  readonly shape: readonly [number, number];
  readonly data: TypedArray;
  readonly row: Int32Array;
  readonly col: Int32Array;
}

export type SparseMatrix = CompressedSparseMatrix | CoordinateSparseMatrix;

export interface ComplexNumber {
  readonly re: number;
  readonly im: number;
}

/** A Python dict whose keys are texts or whole numbers: an object without a prototype, keys as texts. */
export interface PickleDict {
  readonly [key: string]: PickleValue;
}

/**
 * A Python value: None is null, a whole number beyond 2^53 a bigint, bytes a Uint8Array, a list or tuple an array, a set
 * a Set, a dict a {@link PickleDict} or, where a key is neither text nor whole number, a Map.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | ComplexNumber
  | NumpyArray
  | SparseMatrix
  | readonly PickleValue[]
  | ReadonlySet<PickleValue>
  | ReadonlyMap<PickleValue, PickleValue>
  | PickleDict;
