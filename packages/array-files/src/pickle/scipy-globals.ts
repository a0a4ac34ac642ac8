import { OBJECT_BYTES } from '../core/allowance.js';
import type { PlainArray, SparseMatrix } from '../types.js';
import { globalNamed } from './builtin-globals.js';
import { NdArray } from './numpy-array.js';
import { integersOf, nameOf, PyDict, PyObject, type PickleContext, type PyGlobal, type PyValue } from './py-values.js';

type Format = SparseMatrix['format'];

function numbersOf(value: PyValue | undefined, what: string, context: PickleContext): PlainArray {
  const array = value instanceof NdArray ? value.array(context) : undefined;
  if (array === undefined || array.dtype === 'text' || array.dtype === 'object' || array.dtype === 'record') {
    return context.fail(`a sparse matrix has ${nameOf(value)} for its ${what}`);
  }
  return array.shape.length === 1
    ? array
    : context.fail(`a sparse matrix has an array of ${array.shape.length} dimensions for its ${what}`);
}

function placesOf(value: PyValue | undefined, below: number, what: string, context: PickleContext): Int32Array {
  const { data } = numbersOf(value, what, context);
  context.take(4 * data.length);
  const places = new Int32Array(data.length);
  for (let i = 0; i < places.length; i++) {
    const place = Number(data[i]);
    if (!(Number.isInteger(place) && place >= 0 && place < below && place < 2 ** 31)) {
      return context.fail(`a sparse matrix has ${place} in its ${what}, expected whole numbers below ${below}`);
    }
    places[i] = place;
  }
  return places;
}

/** A scipy.sparse matrix. Its state is the dict of its attributes. */
export class SparseObject extends PyObject {
  private state: PyDict | undefined;
  private known: SparseMatrix | undefined;

  constructor(private readonly format: Format) {
    super();
  }

  override build(state: PyValue, context: PickleContext): void {
    if (!(state instanceof PyDict)) return context.fail(`a sparse matrix has the state ${nameOf(state)}`);
    context.take(state.size); // looking a name up takes as long as there are names
    this.state = state;
    this.known = undefined;
  }

  matrix(context: PickleContext): SparseMatrix {
    return (this.known ??= this.read(context));
  }

  override plain(_convert: unknown, context: PickleContext): SparseMatrix {
    return this.matrix(context);
  }

  private read(context: PickleContext): SparseMatrix {
    context.object(OBJECT_BYTES.matrix);
    const get = (name: string) => this.state?.get(name);
    const [rows = -1, columns = -1, ...more] = integersOf(get('_shape') ?? get('shape')) ?? [];
    if (rows < 0 || columns < 0 || more.length > 0) return context.fail('a sparse matrix has no two sizes');
    const shape = [rows, columns] as const;
    const values = numbersOf(get('data'), 'values', context);
    const { dtype, data } = values;
    const { format } = this;
    if (dtype === 'complex64' || dtype === 'complex128') return context.fail('a sparse matrix has complex values');
    if (format === 'coo') {
      const coords = get('coords');
      const [i, j] = Array.isArray(coords) ? coords : [get('row'), get('col')];
      const row = placesOf(i, rows, 'rows', context);
      const col = placesOf(j, columns, 'columns', context);
      if (row.length !== data.length || col.length !== data.length) {
        return context.fail(
          `a sparse matrix has ${data.length} values at ${row.length} rows and ${col.length} columns`,
        );
      }
      return { format, dtype, shape, data, row, col };
    }
    const [major, minor] = format === 'csc' ? [columns, rows] : [rows, columns];
    const indptr = placesOf(get('indptr'), data.length + 1, 'indptr', context);
    const used = indptr.at(-1) ?? 0;
    const sorted = indptr.every((start, i) => i === 0 || start >= indptr[i - 1]!);
    const indices = placesOf(get('indices'), minor, 'indices', context);
    if (indptr.length !== major + 1 || indptr[0] !== 0 || !sorted || indices.length < used) {
      return context.fail(
        `a sparse matrix of shape [${rows}, ${columns}] has ${data.length} values, ${indices.length} indices and an indptr of ${indptr.length} that do not fit`,
      );
    }
    // scipy may leave room behind the last value
    return { format, dtype, shape, data: data.subarray(0, used), indices: indices.subarray(0, used), indptr };
  }
}

const MODULE = /^scipy\.sparse\.(?:_?(csc|csr|coo)|_arrays)$/;
const CLASS = /^(csc|csr|coo)_(?:matrix|array)$/;

/** Sparse matrices of scipy: `scipy.sparse.csc.csc_matrix`, `scipy.sparse._csc.csc_matrix`, … */
export function findScipy(module: string, name: string): PyGlobal | undefined {
  const home = MODULE.exec(module);
  const format = CLASS.exec(name)?.[1] as Format | undefined;
  if (home === null || format === undefined || (home[1] !== undefined && home[1] !== format)) return undefined;
  return globalNamed(module, name, () => new SparseObject(format));
}
