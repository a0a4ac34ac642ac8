import { strFromU8 } from 'fflate';
import { formatError, toBytes, viewOf } from '../core/bytes.js';
import { DTYPE_LAYOUTS, elementCount } from '../core/dtypes.js';
import { columnToRowMajor, decodeElements } from '../core/elements.js';
import type { Bytes, DType, PlainArray } from '../types.js';
import { DTYPE_OF_NUMPY, REFUSED_KINDS } from './npy-dtypes.js';
import { parsePythonLiteral, type PythonLiteral } from './python-literal.js';

const MAX_HEADER_BYTES = 1 << 16;
const MAX_DIMENSIONS = 64;

interface NpyHeader {
  readonly dtype: DType;
  readonly littleEndian: boolean;
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

function parseDescr(descr: PythonLiteral | undefined, operation: string) {
  const match = typeof descr === 'string' ? /^([<>|=])([A-Za-z?])(\d*)$/.exec(descr) : null;
  const dtype = match === null ? undefined : DTYPE_OF_NUMPY.get(`${match[2]}${match[3]}`);
  if (match === null || dtype === undefined) {
    const shown = Array.isArray(descr) ? 'a structured dtype' : `the dtype ${JSON.stringify(descr ?? null)}`;
    const reason =
      (Array.isArray(descr) ? REFUSED_KINDS.get('V') : REFUSED_KINDS.get(match?.[2] ?? '')) ?? 'it is unknown';
    const accepted = [...DTYPE_OF_NUMPY.keys()];
    throw formatError(operation, `the array has ${shown}, ${reason}; accepted are ${accepted.join(', ')}`, {
      expected: accepted,
      actual: descr,
    });
  }
  return { dtype, littleEndian: match[1] !== '>' };
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
  return { ...parseDescr(header.get('descr'), operation), columnMajor, shape: shape as number[], dataStart };
}

/** {@link parseNpy} for a file inside another. */
export function parseNpyAs(bytes: Uint8Array, operation: string): PlainArray {
  const { dtype, littleEndian, columnMajor, shape, dataStart } = parseHeader(bytes, operation);
  const count = elementCount(shape);
  const layout = DTYPE_LAYOUTS[dtype];
  if (count === undefined || count * layout.bytes !== bytes.length - dataStart) {
    throw formatError(
      operation,
      `an array of shape [${shape.join(', ')}] and ${layout.bytes} bytes per element does not fit the ${bytes.length - dataStart} bytes of data`,
      { expected: count === undefined ? undefined : count * layout.bytes, actual: bytes.length - dataStart },
    );
  }
  const data = decodeElements(bytes.subarray(dataStart), dtype, littleEndian);
  return { dtype, shape, data: columnMajor ? columnToRowMajor(data, shape, layout.parts) : data };
}

/**
 * The array of a .npy file, versions 1 to 3: numbers and booleans of either byte order, C or Fortran order.
 *
 * @param bytes the whole file
 * @returns the array in row-major order; float16 as Float32Array, complex numbers as (re, im) pairs
 * @throws FileFormatError if the file is malformed, or holds objects, texts or records (refused by name)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(bytes: Bytes): PlainArray {
  return parseNpyAs(toBytes(bytes), 'readNpy');
}

/** {@link parseNpy} as a promise, like the other readers. */
export async function readNpy(bytes: Bytes): Promise<PlainArray> {
  return parseNpy(bytes);
}
