import { denseFromSparse } from '../numpy/dense-from-sparse.js';
import type { PlainArray, TextArray, TypedArray } from '../types.js';
import { attributesOf, fileNode, fullDType, type Member } from './file-node.js';

/** The contents of a file as named arrays and texts. */
export interface FlatArrays {
  readonly arrays: Readonly<Record<string, PlainArray>>;
  readonly texts: Readonly<Record<string, TextArray>>;
  /** Sparse matrices among `arrays`, which are dense there. */
  readonly madeDense: readonly string[];
  /** What is neither numbers nor text, by name, and what it is. */
  readonly left: readonly { readonly name: string; readonly what: string }[];
}

const MAX_DEPTH = 32;
const MAX_VALUES = 1_000_000;
/** Most elements of a sparse matrix that is made dense. */
const MAX_DENSE = 2 ** 24;

/** Real and imaginary parts in turn, as numpy has them. */
function interleave(real: TypedArray, imaginary: TypedArray): TypedArray {
  const pairs = real instanceof Float32Array ? new Float32Array(real.length * 2) : new Float64Array(real.length * 2);
  for (let i = 0; i < real.length; i++) {
    pairs[2 * i] = Number(real[i]);
    pairs[2 * i + 1] = Number(imaginary[i]);
  }
  return pairs;
}

function scalarArray(value: boolean | number | bigint): PlainArray | undefined {
  if (typeof value === 'boolean') return { dtype: 'bool', shape: [], data: Uint8Array.of(Number(value)) };
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return { dtype: 'float64', shape: [], data: Float64Array.of(value) };
  }
  const integer = BigInt(value);
  if (BigInt.asIntN(64, integer) === integer) return { dtype: 'int64', shape: [], data: BigInt64Array.of(integer) };
  return undefined;
}

class Flattener {
  readonly arrays = new Map<string, PlainArray>();
  readonly texts = new Map<string, TextArray>();
  readonly madeDense: string[] = [];
  readonly left: { name: string; what: string }[] = [];
  #seen = 0;

  add(name: string, value: unknown, depth: number): void {
    if (depth > MAX_DEPTH || this.#seen++ > MAX_VALUES) {
      this.left.push({ name, what: depth > MAX_DEPTH ? 'nested too deep' : 'one value too many' });
      return;
    }
    if (this.arrays.has(name) || this.texts.has(name)) {
      this.left.push({ name, what: 'a second value of this name' });
      return;
    }
    const node = fileNode(value);
    if (node.kind === 'array') {
      const { array, imaginary } = node;
      const data = imaginary === undefined ? array.data : interleave(array.data, imaginary);
      this.arrays.set(name, { dtype: fullDType(array, imaginary), shape: array.shape, data });
    } else if (node.kind === 'sparse') {
      const { matrix, imaginary } = node;
      const [rows, columns] = matrix.shape;
      const isReal = imaginary === undefined && !matrix.dtype.startsWith('complex');
      if (isReal && rows * columns <= MAX_DENSE) {
        this.arrays.set(name, denseFromSparse(matrix, MAX_DENSE));
        this.madeDense.push(name);
      } else this.left.push({ name, what: `a ${isReal ? 'large' : 'complex'} sparse matrix of ${rows} × ${columns}` });
    } else if (node.kind === 'texts') this.texts.set(name, node.texts);
    else if (node.kind === 'opaque') this.left.push({ name, what: node.what });
    else if (node.kind === 'members') {
      this.#addAll(name, node.members, depth);
    } else this.#scalar(name, node.value);
    this.#addAll(name, attributesOf(value), depth);
  }

  #addAll(name: string, members: readonly Member[], depth: number): void {
    for (const [key, member] of members) this.add(name === '' ? key : `${name}.${key}`, member, depth + 1);
  }

  #scalar(name: string, value: null | boolean | number | bigint | string): void {
    if (typeof value === 'string') {
      this.texts.set(name, { dtype: 'text', shape: [], data: [value] });
      return;
    }
    const array = value === null ? undefined : scalarArray(value);
    if (array === undefined)
      this.left.push({ name, what: value === null ? 'nothing (null)' : 'a number beyond 64 bits' });
    else this.arrays.set(name, array);
  }
}

/**
 * The contents of a file as arrays and texts by name, for formats that hold no more: groups, dicts, structs and lists
 * become names joined with dots, single numbers arrays of shape [], sparse matrices dense ones.
 *
 * @param contents what a reader of this package gave
 * @param name of a file that holds a single array; default 'array'
 * @returns what could not be kept stands in `left`; nothing is dropped without standing there
 *
 * @example
 * flattenArrays({ model: { weight } }).arrays; // → { 'model.weight': weight }
 */
export function flattenArrays(contents: unknown, name = 'array'): FlatArrays {
  const flattener = new Flattener();
  const { kind } = fileNode(contents);
  flattener.add(kind === 'members' ? '' : name, contents, 0);
  const { arrays, texts, madeDense, left } = flattener;
  return { arrays: Object.fromEntries(arrays), texts: Object.fromEntries(texts), madeDense, left };
}
