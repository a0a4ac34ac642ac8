import { formatError } from '../core/bytes.js';
import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import type { DType } from '../types.js';
import { DTYPE_OF_NUMPY, REFUSED_KINDS } from './npy-dtypes.js';

export interface RecordField {
  readonly name: string;
  /** Bytes from the start of the record. */
  readonly offset: number;
  readonly type: DtypeSpec;
  /** Shape of the field itself; [] for a single value. */
  readonly shape: readonly number[];
}

/** What one element of a numpy array is, and how many bytes it takes in a file. */
export type DtypeSpec =
  | { readonly kind: 'number'; readonly bytes: number; readonly dtype: DType; readonly littleEndian: boolean }
  /** `unit` bytes a character: 1 for `S`, 4 for `U` */
  | { readonly kind: 'text'; readonly bytes: number; readonly unit: 1 | 4; readonly littleEndian: boolean }
  | { readonly kind: 'object'; readonly bytes: number }
  | { readonly kind: 'record'; readonly bytes: number; readonly fields: readonly RecordField[] };

const MAX_ITEM_BYTES = 2 ** 30;

/**
 * The element type that a numpy type code such as `f8`, `U12` or `?` stands for.
 *
 * @throws FileFormatError that names the code, why it is not read, and what is accepted
 */
export function specOfTypeCode(code: string, littleEndian: boolean, operation: string, shown = code): DtypeSpec {
  const dtype = code === '?' ? 'bool' : DTYPE_OF_NUMPY.get(code);
  if (dtype !== undefined) return { kind: 'number', bytes: DTYPE_LAYOUTS[dtype].bytes, dtype, littleEndian };
  const [, letter = '', digits = ''] = /^([A-Za-z])(\d*)$/.exec(code) ?? [];
  const size = Number(digits);
  if (letter === 'O') return { kind: 'object', bytes: 8 };
  if ((letter === 'U' || letter === 'S' || letter === 'a') && size * 4 <= MAX_ITEM_BYTES) {
    const unit = letter === 'U' ? 4 : 1;
    return { kind: 'text', bytes: size * unit, unit, littleEndian };
  }
  const accepted = [...DTYPE_OF_NUMPY.keys(), 'U', 'S', 'O'];
  throw formatError(
    operation,
    `the array has the dtype ${JSON.stringify(shown)}, ${REFUSED_KINDS.get(letter) ?? 'it is unknown'}; ` +
      `accepted are ${accepted.join(', ')} and records of them`,
    { expected: accepted, actual: shown },
  );
}
