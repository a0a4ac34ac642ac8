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
