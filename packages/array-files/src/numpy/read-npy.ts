import { strFromU8 } from 'fflate';
import { allowanceFor } from '../core/allowance.js';
import { formatError, toBytes, viewOf } from '../core/bytes.js';
import { elementCount } from '../core/dtypes.js';
import { parsePickleAs } from '../pickle/read-pickle.js';
import type { Bytes, NumpyArray, ObjectArray, PlainArray } from '../types.js';
import { decodeArray } from './decode-array.js';
import type { DtypeSpec } from './dtype-spec.js';
import { KnownHeaders } from './known-headers.js';
import { DTYPE_OF_NUMPY } from './npy-dtypes.js';
import { parseDescr } from './parse-descr.js';
import { parsePythonLiteral } from './python-literal.js';

const NOT_NUMBERS: Readonly<Record<Exclude<DtypeSpec['kind'], 'number'>, readonly [string, string]>> = {
  object: ['an object dtype', 'object arrays hold Python pickles'],
  text: ['a text dtype', 'arrays of texts are not asked for'],
  record: ['a structured dtype', 'arrays of records are not asked for'],
};

const MAX_HEADER_BYTES = 1 << 16;
const MAX_DIMENSIONS = 64;

export interface NpyHeader {
  readonly spec: DtypeSpec;
  /** Shape of one element; [] unless the dtype is an array of another. */
  readonly elementShape: readonly number[];
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

export interface ReadNpyOptions {
  /**
   * 'numbers' (default) refuses arrays of texts, records and Python objects by name; 'all' reads them too, objects
   * through the reader of `readPickle`, which never runs code.
   */
  readonly dtypes?: 'numbers' | 'all' | undefined;
}

const knownHeaders = new KnownHeaders();

function headerOf(bytes: Uint8Array, operation: string): NpyHeader {
  const known = knownHeaders.find(bytes);
  if (known) return known;
  const header = parseHeader(bytes, operation);
  knownHeaders.add(bytes, header);
  return header;
}

function parseHeader(bytes: Uint8Array, operation: string): NpyHeader {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 10 || !magic.every((byte, i) => bytes[i] === byte)) {
    throw formatError(operation, 'the file does not start like a .npy file');
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    throw formatError(operation, `the file has .npy version ${version}.${bytes[7]}, accepted are 1.0, 2.0 and 3.0`, {
      expected: ['1.0', '2.0', '3.0'],
      actual: `${version}.${bytes[7]}`,
    });
  }
  const headerStart = version === 1 ? 10 : 12;
  if (bytes.length < headerStart) throw formatError(operation, 'the file ends within its header');
  const view = viewOf(bytes);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = headerStart + length;
  if (length > MAX_HEADER_BYTES || dataStart > bytes.length) {
    throw formatError(
      operation,
      `the header is declared ${length} bytes long, the file has ${bytes.length - headerStart} left`,
    );
  }
  const header = parsePythonLiteral(strFromU8(bytes.subarray(headerStart, dataStart), version < 3), operation);
  if (!(header instanceof Map)) throw formatError(operation, 'the header is not a dict');
  const shape = header.get('shape');
  const columnMajor = header.get('fortran_order');
  if (!Array.isArray(shape) || shape.length > MAX_DIMENSIONS || typeof columnMajor !== 'boolean' || header.size !== 3) {
    throw formatError(
      operation,
      `the header has the keys ${[...header.keys()].join(', ')}, expected descr, fortran_order and shape`,
    );
  }
  const { type, shape: elementShape } = parseDescr(header.get('descr'), operation);
  return { spec: type, elementShape, columnMajor, shape: shape as number[], dataStart };
}

function refuseAllButNumbers(spec: DtypeSpec, operation: string): asserts spec is DtypeSpec & { kind: 'number' } {
  if (spec.kind === 'number') return;
  const [what, reason] = NOT_NUMBERS[spec.kind];
  const accepted = [...DTYPE_OF_NUMPY.keys()];
  throw formatError(
    operation,
    `the array has ${what}, ${reason}; accepted are ${accepted.join(', ')}, and with dtypes: 'all' everything`,
    { expected: accepted, actual: spec.kind },
  );
}

/** {@link parseNpy} for a file inside another. With `ownBytes` the array may be a view of them. */
export function parseNpyAs(
  bytes: Uint8Array,
  operation: string,
  options: ReadNpyOptions = {},
  ownBytes = false,
): NumpyArray {
  const { spec, elementShape, columnMajor, shape, dataStart } = headerOf(bytes, operation);
  if (options.dtypes !== 'all') refuseAllButNumbers(spec, operation);
  const data = bytes.subarray(dataStart);
  if (spec.kind !== 'object') {
    const allowance = allowanceFor(bytes.length, undefined, operation);
    return decodeArray(spec, [...shape, ...elementShape], data, { operation, columnMajor, allowance, ownBytes });
  }
  const array = parsePickleAs(data, operation) as Partial<ObjectArray> | null;
  const objects = array?.dtype === 'object' ? array.data : undefined;
  if (objects?.length !== elementCount(shape)) {
    throw formatError(operation, `the pickle of an object array of shape [${shape.join(', ')}] holds something else`);
  }
  return { dtype: 'object', shape, data: objects ?? [] };
}

export interface NumbersOnly extends ReadNpyOptions {
  readonly dtypes?: 'numbers' | undefined;
}

/**
 * The array of a .npy file, versions 1 to 3, of either byte order, C or Fortran order.
 *
 * @param bytes the whole file
 * @param options `dtypes`: 'numbers' (default, booleans among them) or 'all' for texts, records and objects as well
 * @returns the array in row-major order; float16 as Float32Array, complex numbers as (re, im) pairs
 * @throws FileFormatError if the file is malformed, or holds something that is not asked for (refused by name)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(bytes: Bytes, options?: NumbersOnly): PlainArray;
export function parseNpy(bytes: Bytes, options: ReadNpyOptions): NumpyArray;
export function parseNpy(bytes: Bytes, options: ReadNpyOptions = {}): NumpyArray {
  return parseNpyAs(toBytes(bytes), 'readNpy', options);
}

/** {@link parseNpy} as a promise, like the other readers. */
export async function readNpy(bytes: Bytes, options?: NumbersOnly): Promise<PlainArray>;
export async function readNpy(bytes: Bytes, options: ReadNpyOptions): Promise<NumpyArray>;
export async function readNpy(bytes: Bytes, options: ReadNpyOptions = {}): Promise<NumpyArray> {
  return parseNpy(bytes, options);
}
