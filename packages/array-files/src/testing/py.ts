import type { ArrayInput, DType } from '../types.js';

/** A global, called with arguments and then perhaps given a state: how every object stands in a pickle. */
export interface PyInstance {
  readonly kind: 'instance';
  readonly module: string;
  readonly name: string;
  /** 'new': made by NEWOBJ (protocol 2's way for classes); 'call': by REDUCE. */
  readonly by: 'new' | 'call';
  readonly args: readonly PyLiteral[];
  readonly state?: PyLiteral;
}

/** A Python value that {@link writePython2Pickle} writes. Texts are Python 2's `str`: one byte a character. */
export type PyLiteral =
  | null
  | boolean
  | number
  | string
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tuple' | 'list'; readonly items: readonly PyLiteral[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [PyLiteral, PyLiteral])[] }
  | { readonly kind: 'global'; readonly module: string; readonly name: string }
  | PyInstance;

/** Python modules moved over the years; a test can ask for the names of any year. */
export interface PyModules {
  /** Default 'numpy.core.multiarray'. */
  readonly multiarray?: string | undefined;
  /** Default 'scipy.sparse.csc'. */
  readonly csc?: string | undefined;
}

const tuple = (...items: readonly PyLiteral[]): PyLiteral => ({ kind: 'tuple', items });

/** A dict with text keys. */
export function pyDict(values: Readonly<Record<string, PyLiteral>>): PyLiteral {
  return { kind: 'dict', entries: Object.entries(values) };
}

/** A builtin `set`. */
export function pySet(items: readonly PyLiteral[] = []): PyInstance {
  return { kind: 'instance', module: '__builtin__', name: 'set', by: 'call', args: [{ kind: 'list', items }] };
}

const CODES: Partial<Record<DType, string>> = {
  float64: 'f8',
  float32: 'f4',
  int64: 'i8',
  int32: 'i4',
  uint32: 'u4',
  uint16: 'u2',
  uint8: 'u1',
  bool: 'b1',
};

const CODE_OF_CLASS: Readonly<Record<string, string>> = {
  Float64Array: 'f8',
  Float32Array: 'f4',
  BigInt64Array: 'i8',
  Int32Array: 'i4',
  Uint32Array: 'u4',
  Uint16Array: 'u2',
  Uint8Array: 'u1',
};

/** A numpy array as `ndarray.__reduce__` describes it: `_reconstruct(ndarray, (0,), 'b')` and its state. */
export function pyArray({ dtype, shape, data }: ArrayInput, modules: PyModules = {}): PyInstance {
  const code = (dtype === undefined ? undefined : CODES[dtype]) ?? CODE_OF_CLASS[data.constructor.name];
  if (code === undefined) throw new Error(`pyArray: no code for ${dtype ?? data.constructor.name}.`);
  const order = code.endsWith('1') ? '|' : '<';
  const dtypeObject: PyInstance = {
    kind: 'instance',
    module: 'numpy',
    name: 'dtype',
    by: 'call',
    args: [code, 0, 1],
    state: tuple(3, order, null, null, null, -1, -1, 0),
  };
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    kind: 'instance',
    module: modules.multiarray ?? 'numpy.core.multiarray',
    name: '_reconstruct',
    by: 'call',
    args: [{ kind: 'global', module: 'numpy', name: 'ndarray' }, tuple(0), 'b'],
    state: tuple(1, tuple(...shape), dtypeObject, false, { kind: 'bytes', bytes }),
  };
}

/** A `scipy.sparse.csc_matrix` of the non-zero entries of a dense [rows, columns] array. */
export function pyCsc({ shape, data }: ArrayInput, modules: PyModules = {}): PyInstance {
  const [rows = 0, columns = 0] = shape;
  const values: number[] = [];
  const indices: number[] = [];
  const indptr = [0];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const value = Number(data[row * columns + column]);
      if (value === 0) continue;
      values.push(value);
      indices.push(row);
    }
    indptr.push(values.length);
  }
  const vector = (array: Float64Array | Int32Array) => pyArray({ shape: [array.length], data: array }, modules);
  return {
    kind: 'instance',
    module: modules.csc ?? 'scipy.sparse.csc',
    name: 'csc_matrix',
    by: 'new',
    args: [],
    state: pyDict({
      format: 'csc',
      _shape: tuple(rows, columns),
      indptr: vector(Int32Array.from(indptr)),
      indices: vector(Int32Array.from(indices)),
      data: vector(Float64Array.from(values)),
      maxprint: 50,
    }),
  };
}

/** Any chumpy object, with the bookkeeping attributes that every one of them carries into its pickle. */
export function pyChumpy(module: string, name: string, attributes: Readonly<Record<string, PyLiteral>>): PyInstance {
  const bookkeeping = {
    _dirty_vars: pySet(Object.keys(attributes)),
    _itr: null,
    _make_dense: false,
    _make_sparse: false,
    _depends_on_deps: pyDict({}),
  };
  return { kind: 'instance', module, name, by: 'new', args: [], state: pyDict({ ...bookkeeping, ...attributes }) };
}

/** `chumpy.ch.Ch` around an array. */
export function pyCh(array: ArrayInput, modules: PyModules = {}): PyInstance {
  return pyChumpy('chumpy.ch', 'Ch', { x: pyArray(array, modules) });
}

/** `chumpy.reordering.Select`: the numbers of `a` at `idxs`, in this shape. */
export function pySelect(a: PyInstance, idxs: readonly number[], preferredShape: readonly number[]): PyInstance {
  return pyChumpy('chumpy.reordering', 'Select', {
    a,
    idxs: pyArray({ shape: [idxs.length], data: BigInt64Array.from(idxs, BigInt) }),
    preferred_shape: tuple(...preferredShape),
  });
}
