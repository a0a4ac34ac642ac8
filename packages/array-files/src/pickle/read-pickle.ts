import { allowanceFor } from '../core/allowance.js';
import { formatError, toBytes } from '../core/bytes.js';
import type { Bytes, PickleValue, ReadLimits } from '../types.js';
import { findBuiltin } from './builtin-globals.js';
import { findChumpy } from './chumpy-globals.js';
import { findNumpy } from './numpy-globals.js';
import { findScipy } from './scipy-globals.js';
import { type PlainOptions, toPlain } from './to-plain.js';
import { unpickle } from './unpickle.js';
import type { PickleEnvironment } from './unpickle-options.js';

export type ReadPickleOptions = ReadLimits & PlainOptions;

/** What a plain pickle may name. */
export const PICKLE_ENVIRONMENT: PickleEnvironment = {
  find: (module, name) =>
    findNumpy(module, name) ?? findScipy(module, name) ?? findChumpy(module, name) ?? findBuiltin(module, name),
  accepted:
    'numpy arrays, dtypes and scalars, csc, csr and coo matrices of scipy.sparse, chumpy arrays and their arithmetic, ' +
    'set, frozenset, bytearray, complex and OrderedDict',
};

/** {@link parsePickle} for a pickle inside another file. */
export function parsePickleAs(bytes: Uint8Array, operation: string, options: ReadPickleOptions = {}): PickleValue {
  const allowance = allowanceFor(bytes.length, options.maxBytes, operation);
  const { value, end, context } = unpickle(bytes, { operation, allowance, environment: PICKLE_ENVIRONMENT });
  if (end !== bytes.length)
    throw formatError(operation, `the pickle ends at byte ${end}, the file has ${bytes.length}`);
  return toPlain(value, context, bytes.length, options);
}

/**
 * The value of a Python pickle, protocols 0 to 5, as Python 2 or 3 wrote it. No code is ever run: a pickle is a program,
 * and this reader is a machine that has only the operations that build data.
 *
 * numpy arrays become row-major arrays (Fortran order and byte order put right; structured arrays one array per field),
 * scipy's csc, csr and coo matrices `{ format, shape, data, … }`, chumpy objects the arrays that they evaluate to, dicts
 * objects without a prototype (a Map where a key is neither text nor whole number), sets Sets, None null.
 *
 * @param bytes the whole file
 * @param options `byteStrings`: what a Python 2 `str` becomes, text (default, one character a byte) or bytes
 * @throws FileFormatError that names the first thing which is not data, with its byte position; or if the pickle is
 *   malformed, contains itself, or asks for far more memory than it has bytes
 * @see https://docs.python.org/3/library/pickle.html
 */
export function parsePickle(bytes: Bytes, options: ReadPickleOptions = {}): PickleValue {
  return parsePickleAs(toBytes(bytes), 'readPickle', options);
}

/** {@link parsePickle} as a promise, like the other readers. */
export async function readPickle(bytes: Bytes, options: ReadPickleOptions = {}): Promise<PickleValue> {
  return parsePickle(bytes, options);
}
