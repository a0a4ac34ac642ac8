import { denseFromSparse, isPlainArray, isSparseMatrix, type PlainArray } from '@opposable/array-files';
import { ManoModelError } from '@opposable/tensor-checks';

/** Of a sparse matrix once filled in; the regressor of 16 joints over 262,144 vertices. A small file may claim any size. */
const MOST_ELEMENTS = 2 ** 22;

/** The dtypes that a field may have; complex numbers are no lengths. */
const isReal = ({ dtype }: PlainArray): boolean => dtype !== 'complex64' && dtype !== 'complex128';

/**
 * A field of a model file as a dense array: arrays as they are, sparse matrices filled in, an object array around one
 * thing opened.
 *
 * @throws ManoModelError if the field is something else
 */
export function denseField(name: string, value: unknown): Pick<PlainArray, 'shape' | 'data'> {
  if (isSparseMatrix(value)) {
    const [rows, columns] = value.shape;
    if (rows * columns <= MOST_ELEMENTS) return denseFromSparse(value);
    throw new ManoModelError(
      `loadManoModel: expected at most ${MOST_ELEMENTS} elements in ${name}, got ${rows} × ${columns}.`,
      { expected: MOST_ELEMENTS, actual: [rows, columns] },
    );
  }
  if (isPlainArray(value) && isReal(value)) return value;
  const inside = (value as { readonly dtype?: unknown; readonly data?: readonly unknown[] } | null)?.data;
  if (Array.isArray(inside) && inside.length === 1) return denseField(name, inside[0]);
  throw new ManoModelError(
    `loadManoModel: expected ${name} to be an array of numbers or a sparse matrix, got ${describe(value)}.`,
    { expected: 'an array of numbers', actual: name },
  );
}

function describe(value: unknown): string {
  if (value === null) return 'None';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const { dtype } = value as { readonly dtype?: unknown };
  if (typeof dtype === 'string') return `an array of dtype ${dtype}`;
  return typeof value === 'object' ? 'a dict or another object' : `a ${typeof value}`;
}
