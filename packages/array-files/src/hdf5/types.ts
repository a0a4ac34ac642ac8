import type { PlainArray, TextArray } from '../types.js';

/** Attributes by name: numbers as arrays (a single one has shape []), texts, references, and what is not read. */
export type Hdf5Attributes = Readonly<Record<string, Hdf5Content>>;

/** Numbers or booleans, row-major. Complex numbers are compounds of two floats in HDF5. */
export interface Hdf5Numeric extends PlainArray {
  readonly kind: 'numeric';
}

export interface Hdf5Text extends TextArray {
  readonly kind: 'text';
}

/** References to other objects, as their paths; undefined for a null reference. */
export interface Hdf5References {
  readonly kind: 'references';
  readonly shape: readonly number[];
  readonly targets: readonly (string | undefined)[];
}

/** Something whose type no array can hold; the rest of the file is read. */
export interface Hdf5Unsupported {
  readonly kind: 'unsupported';
  /** What it is, for example "compound of x: float64, id: int32". */
  readonly className: string;
}

export type Hdf5Content = Hdf5Numeric | Hdf5Text | Hdf5References | Hdf5Unsupported;

/** What a dataset holds, with its attributes. */
export type Hdf5Dataset = Hdf5Content & { readonly attributes: Hdf5Attributes };

/** A link whose target is not there, or stands in another file. Links inside the file are followed. */
export interface Hdf5Link {
  readonly kind: 'link';
  readonly target: string;
  readonly file: string | undefined;
}

export interface Hdf5Group {
  readonly kind: 'group';
  readonly attributes: Hdf5Attributes;
  readonly children: Readonly<Record<string, Hdf5Value>>;
}

export type Hdf5Value = Hdf5Group | Hdf5Dataset | Hdf5Link;
