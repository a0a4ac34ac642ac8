import type { ComplexNumber, NumpyArray, PickleValue, SparseMatrix } from '../types.js';

/** What `describe` of fixtures/make-pickles.py makes of a value: something that JSON can hold. */
export type Description = null | boolean | number | string | Description[] | { [key: string]: Description };

const number = (value: number): Description =>
  Number.isFinite(value) ? value : { float: String(value).replace('Infinity', 'inf').replace('NaN', 'nan') };

const byKey = <T>(pairs: [T, Description][]): [T, Description][] => {
  const key = (pair: [T, Description]) => (typeof pair[0] === 'string' ? pair[0] : JSON.stringify(pair[0]));
  return pairs.sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

function describeNumpy(array: NumpyArray): Description {
  const shape = [...array.shape];
  if (array.dtype === 'record') {
    const fields = Object.entries(array.fields).map(([name, field]) => [name, describeNumpy(field)]);
    return { record: Object.fromEntries(fields) as { [key: string]: Description }, shape };
  }
  const { dtype } = array;
  if (dtype === 'object') return { array: dtype, shape, data: array.data.map(describeValue) };
  if (dtype === 'text') return { array: dtype, shape, data: [...array.data] };
  const data = Array.from(array.data as ArrayLike<number | bigint>, (value) =>
    typeof value === 'bigint' ? String(value) : number(value),
  );
  return { array: dtype, shape, data };
}

function describeSparse(matrix: SparseMatrix): Description {
  const data = Array.from(matrix.data as ArrayLike<number | bigint>, (value) => number(Number(value)));
  const parts: { [key: string]: Description } =
    matrix.format === 'coo'
      ? { row: [...matrix.row], col: [...matrix.col] }
      : { indices: [...matrix.indices], indptr: [...matrix.indptr] };
  return { sparse: matrix.format, dtype: matrix.dtype, shape: [...matrix.shape], data, ...parts };
}

export function describeValue(value: PickleValue): Description {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (Array.isArray(value)) return (value as PickleValue[]).map(describeValue);
  if (value instanceof Set) {
    const items = [...(value as Set<PickleValue>)].map(describeValue);
    return { set: items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
  }
  if (value instanceof Map) {
    const pairs = [...(value as Map<PickleValue, PickleValue>)];
    return { map: byKey(pairs.map(([key, item]) => [describeValue(key), describeValue(item)])) };
  }
  if (Object.getPrototypeOf(value) === null) {
    const pairs = Object.entries(value as Record<string, PickleValue>);
    return { dict: byKey(pairs.map(([key, item]) => [key, describeValue(item)])) };
  }
  if ('re' in value) {
    const { re, im } = value as ComplexNumber;
    return { complex: [re, im] };
  }
  return 'format' in value ? describeSparse(value as SparseMatrix) : describeNumpy(value as NumpyArray);
}
