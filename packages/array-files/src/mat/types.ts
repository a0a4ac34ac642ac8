import type { DType, TypedArray } from '../types.js';

/** Numbers or logicals (dtype 'bool'), row-major: MATLAB's column-major storage is turned round on reading. */
export interface MatNumeric {
  readonly kind: 'numeric';
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
  readonly order: 'row-major';
  /** Imaginary parts of a complex array, laid out like `data`. */
  readonly imaginary: TypedArray | undefined;
}

export interface MatChar {
  readonly kind: 'char';
  readonly shape: readonly number[];
  /** One text per row of the array; a text is one row. */
  readonly rows: readonly string[];
}

export interface MatCell {
  readonly kind: 'cell';
  readonly shape: readonly number[];
  readonly order: 'row-major';
  readonly cells: readonly MatValue[];
}

/** A struct array (a plain struct is one of shape [1, 1]); an old-style object has the name of its class. */
export interface MatStruct {
  readonly kind: 'struct';
  readonly shape: readonly number[];
  readonly order: 'row-major';
  readonly className: string | undefined;
  readonly elements: readonly Readonly<Record<string, MatValue>>[];
}

/** Compressed columns, as scipy's `csc_matrix`. */
export interface MatSparse {
  readonly kind: 'sparse';
  readonly format: 'csc';
  readonly dtype: DType;
  /** rows, columns */
  readonly shape: readonly [number, number];
  readonly data: TypedArray;
  readonly imaginary: TypedArray | undefined;
  /** Row of each value. */
  readonly indices: Int32Array;
  /** Where each column's values start; one more than there are columns. */
  readonly indptr: Int32Array;
}

/** Something that MATLAB stores in a form of its own; the rest of the file is read. */
export interface MatUnsupported {
  readonly kind: 'unsupported';
  readonly className: string;
}

export type MatValue = MatNumeric | MatChar | MatCell | MatStruct | MatSparse | MatUnsupported;
