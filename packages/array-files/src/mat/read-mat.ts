import { formatError, maxBytesOf, recordOf, toBytes } from '../core/bytes.js';
import { inflateZlib } from '../core/inflate.js';
import { isHdf5 } from '../hdf5/is-hdf5.js';
import { readWithHdf5 } from '../hdf5/read-hdf5.js';
import type { Bytes, ReadLimits } from '../types.js';
import { ElementReader } from './element-reader.js';
import { MI_COMPRESSED, MI_MATRIX } from './mat-format.js';
import { MatHdf5Reader } from './read-mat-hdf5.js';
import { type NamedValue, readMatrix } from './read-matrix.js';
import type { MatValue } from './types.js';

const OPERATION = 'readMat';
const HEADER_BYTES = 128;
const HDF5_SIGNATURE = '\x89HDF\r\n\x1a\n';

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** @returns whether the numbers of the file are little-endian */
function checkHeader(bytes: Uint8Array): boolean {
  const start = latin1(bytes.subarray(0, 20));
  if (start.startsWith('MATLAB 7.3') || start.startsWith(HDF5_SIGNATURE)) {
    throw formatError(
      OPERATION,
      'the file is a MAT file of version 7.3 (HDF5), which readMat reads, parseMat does not',
      {
        expected: 5,
        actual: 7.3,
      },
    );
  }
  if (bytes.length < HEADER_BYTES)
    throw formatError(OPERATION, `expected a header of 128 bytes, the file has ${bytes.length}`);
  const order = latin1(bytes.subarray(126, 128));
  if (order !== 'IM' && order !== 'MI') {
    throw formatError(
      OPERATION,
      'the file does not start like a MAT file of version 5 (version 4 files have no header and are not read)',
    );
  }
  const littleEndian = order === 'IM';
  const version = littleEndian ? bytes[125]! : bytes[124]!;
  if (version !== 1) {
    throw formatError(
      OPERATION,
      `the file has MAT version ${version === 2 ? '7.3 (HDF5)' : version}, accepted is version 5`,
      {
        expected: 5,
        actual: version,
      },
    );
  }
  return littleEndian;
}

/**
 * The variables of a MATLAB file of version 5 (what `save` writes with -v6 and -v7), compressed or plain, of either
 * byte order: numbers, logicals, chars, structs, cells and sparse matrices.
 *
 * Arrays are stored column by column and are turned round here: `data` is row-major, as its `order` says.
 *
 * @param bytes the whole file
 * @returns variables by name; function handles and class objects as `{ kind: 'unsupported' }`
 * @throws FileFormatError if the file is malformed, of another version, or inflates to more than `maxBytes`
 * @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
 *
 * @example
 * const handPara = parseMat(bytes)['handPara']; // → { kind: 'numeric', dtype: 'float64', shape: [3, 21, 1500], … }
 */
export function parseMat(bytes: Bytes, limits: ReadLimits = {}): Record<string, MatValue> {
  const file = toBytes(bytes);
  const littleEndian = checkHeader(file);
  const reader = new ElementReader(file.subarray(HEADER_BYTES), littleEndian, OPERATION);
  const variables = new Map<string, MatValue>();
  let budget = maxBytesOf(limits);
  while (!reader.done) {
    const what = `variable ${variables.size}`;
    const element = reader.next(what, false);
    let matrix = reader.inside(element);
    if (element.type === MI_COMPRESSED) {
      const inflated = inflateZlib(element.bytes, budget, OPERATION, what);
      budget -= inflated.length;
      const outer = new ElementReader(inflated, littleEndian, OPERATION);
      const inner = outer.next(what);
      if (inner.type !== MI_MATRIX) outer.fail(`${what} has the data type ${inner.type}, expected an array`);
      matrix = outer.inside(inner);
    } else if (element.type !== MI_MATRIX) {
      reader.fail(`${what} has the data type ${element.type}, expected an array`);
    }
    const { name, value }: NamedValue = readMatrix(matrix);
    if (name !== '') variables.set(name, value); // the nameless one is MATLAB's own, for class objects
  }
  return recordOf(variables);
}

/**
 * The variables of a MATLAB file of version 5, as {@link parseMat}, or of version 7.3 (what `save` writes with -v7.3:
 * HDF5, see {@link readHdf5} for its limits), with the same result for the same variables.
 *
 * @throws FileFormatError if the file is malformed, of another version, or its values take more than `maxBytes`
 *
 * @example
 * const { handPara } = await readMat(bytes); // → { kind: 'numeric', dtype: 'float64', shape: [3, 21, 1500], … }
 */
export async function readMat(bytes: Bytes, limits: ReadLimits = {}): Promise<Record<string, MatValue>> {
  const file = toBytes(bytes);
  if (!isHdf5(file)) return parseMat(file, limits);
  return readWithHdf5(file, OPERATION, limits, (hdf5) => new MatHdf5Reader(hdf5).variables());
}
