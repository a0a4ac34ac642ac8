import { ConfigError } from '@opposable/tensor-checks';
import { strToU8 } from 'fflate';
import { viewOf } from '../core/bytes.js';
import { checkArrayInput } from '../core/dtypes.js';
import { encodeElements } from '../core/elements.js';
import type { ArrayInput, TextArray } from '../types.js';
import { NUMPY_OF_DTYPE } from './npy-dtypes.js';

const ALIGNMENT = 64;
/** numpy leaves room for the first size to grow to this many digits. */
const GROWTH_DIGITS = 21;

/** {@link writeNpy} for a file inside another. */
export function writeNpyAs(array: ArrayInput, operation: string, name: string): Uint8Array {
  const dtype = checkArrayInput(array, operation, name);
  const code = NUMPY_OF_DTYPE.get(dtype);
  if (code === undefined) {
    throw new ConfigError(
      `${operation}: numpy has no dtype ${dtype} (${name}); accepted are ${[...NUMPY_OF_DTYPE.keys()].join(', ')}.`,
      {
        expected: [...NUMPY_OF_DTYPE.keys()],
        actual: dtype,
      },
    );
  }
  return npyFile(code, array.shape, encodeElements(array.data, dtype));
}

/** numpy's `U`: texts as UTF-32, padded with zeros to the longest. */
export function writeTextNpy({ shape, data }: TextArray): Uint8Array {
  const texts = data.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const length = texts.reduce((longest, text) => Math.max(longest, text.length), 1);
  const points = new Uint32Array(texts.length * length);
  texts.forEach((text, i) => points.set(text, i * length));
  return npyFile(`<U${length}`, shape, encodeElements(points, 'uint32'));
}

function npyFile(code: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const growth = shape.length > 0 ? ' '.repeat(Math.max(0, GROWTH_DIGITS - String(shape[0]).length)) : '';
  const fields = `{'descr': '${code}', 'fortran_order': False, 'shape': ${tuple}, }${growth}`;
  const headerStart = 10;
  const padded = Math.ceil((headerStart + fields.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(padded + data.length).fill(0x20, headerStart, padded);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  viewOf(file).setUint16(8, padded - headerStart, true);
  file.set(strToU8(fields), headerStart);
  file[padded - 1] = 0x0a;
  file.set(data, padded);
  return file;
}

/**
 * A .npy file, version 1, C order, little-endian: the bytes that `numpy.save` writes for the same array.
 *
 * @param array row-major; `dtype` is that of the typed array unless given
 * @throws ConfigError if data, shape and dtype do not fit together or numpy has no such dtype
 *
 * @example
 * const bytes = writeNpy({ shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) });
 */
export function writeNpy(array: ArrayInput): Uint8Array {
  return writeNpyAs(array, 'writeNpy', 'the array');
}
