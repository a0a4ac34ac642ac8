import type { DType, TypedArray } from '../types.js';
import { attributesOf, fileNode, fullDType, type Member } from './file-node.js';

/** What one value of a file is, in a form that JSON holds. */
export interface Description {
  readonly kind: 'array' | 'sparse' | 'text' | 'value' | 'members' | 'unsupported';
  /** For example "group", "dict", "struct", or what is not read. */
  readonly what?: string;
  readonly dtype?: DType;
  readonly shape?: readonly number[];
  /** Of the finite real numbers; absent for complex ones and where there are none. */
  readonly min?: number | string;
  readonly max?: number | string;
  /** How many numbers are NaN or infinite, if any are. */
  readonly notFinite?: number;
  /** Values that a sparse matrix stores. */
  readonly stored?: number;
  /** A single number, boolean or text; up to four numbers, or the first texts, shortened. */
  readonly value?: string | number | boolean | null;
  /** How many members there are, of which `members` may hold fewer. */
  readonly count?: number;
  readonly members?: readonly (Description & { readonly name: string })[];
}

export interface DescribeOptions {
  /** Most members of one group that are described. Default 1000. */
  readonly maxMembers?: number | undefined;
  /** Most characters of a text. Default 60. */
  readonly maxText?: number | undefined;
}

const MAX_DEPTH = 32;
const MAX_DESCRIBED = 100_000;
/** Arrays up to this size are shown whole. */
const FEW = 4;

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function numberOf(value: number | bigint): number | string {
  return typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) ? String(value) : Number(value);
}

type Range = Pick<Description, 'min' | 'max' | 'notFinite'>;

function integerRange(data: BigInt64Array | BigUint64Array): Range {
  let [min, max] = [data[0], data[0]];
  for (const value of data) {
    if (value < min!) min = value;
    if (value > max!) max = value;
  }
  return min === undefined ? {} : { min: numberOf(min), max: numberOf(max!) };
}

function range(data: TypedArray): Range {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return integerRange(data);
  let [min, max, notFinite] = [Infinity, -Infinity, 0];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value - value !== 0) notFinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return { ...(min <= max ? { min, max } : {}), ...(notFinite > 0 ? { notFinite } : {}) };
}

/** The number of an array of one, or all of a few. */
function valueOf(data: TypedArray): number | string {
  return data.length === 1 ? numberOf(data[0]!) : Array.from(data as ArrayLike<number | bigint>, numberOf).join(', ');
}

class Describer {
  #described = 0;
  readonly #open = new Set<unknown>();

  constructor(
    readonly maxMembers: number,
    readonly maxText: number,
  ) {}

  describe(value: unknown): Description {
    this.#described++;
    if (typeof value === 'object' && value !== null) {
      if (this.#open.has(value)) return { kind: 'unsupported', what: 'a value that holds itself' };
      if (this.#open.size > MAX_DEPTH) return { kind: 'unsupported', what: 'nested too deep to be shown' };
    }
    this.#open.add(value);
    const description = this.#node(value);
    const attributes = this.#members(attributesOf(value));
    this.#open.delete(value);
    if (attributes.length === 0) return description;
    return { ...description, members: [...(description.members ?? []), ...attributes] };
  }

  #node(value: unknown): Description {
    const node = fileNode(value);
    if (node.kind === 'array') {
      const { array, imaginary } = node;
      const dtype = fullDType(array, imaginary);
      const isReal = !dtype.startsWith('complex');
      const { shape, data } = array;
      const few = data.length > 0 && data.length <= FEW ? { value: valueOf(data) } : {};
      return { kind: 'array', dtype, shape, ...(isReal ? { ...few, ...range(data) } : {}) };
    }
    if (node.kind === 'sparse') {
      const { matrix, imaginary } = node;
      const numbers = imaginary === undefined && !matrix.dtype.startsWith('complex') ? range(matrix.data) : {};
      const dtype = fullDType(matrix, imaginary);
      return {
        kind: 'sparse',
        what: matrix.format,
        dtype,
        shape: matrix.shape,
        stored: matrix.data.length,
        ...numbers,
      };
    }
    if (node.kind === 'texts') {
      const { shape, data } = node.texts;
      const shown = data.slice(0, 8).map((text) => shorten(text, this.maxText));
      return {
        kind: 'text',
        shape,
        value: shorten(`${shown.join(', ')}${data.length > 8 ? ', …' : ''}`, this.maxText),
      };
    }
    if (node.kind === 'opaque') return { kind: 'unsupported', what: node.what };
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string') return { kind: 'text', shape: [], value: shorten(node.value, this.maxText) };
      return { kind: 'value', value: typeof node.value === 'bigint' ? String(node.value) : node.value };
    }
    const { what, members } = node;
    return { kind: 'members', what, count: members.length, members: this.#members(members) };
  }

  #members(entries: readonly Member[]): (Description & { readonly name: string })[] {
    const members: (Description & { readonly name: string })[] = [];
    for (const [name, value] of entries) {
      if (members.length >= this.maxMembers || this.#described >= MAX_DESCRIBED) break;
      members.push({ name, ...this.describe(value) });
    }
    return members;
  }
}

/**
 * What a file holds: its tree with shapes, element types, the least and the largest number, and texts shortened. Arrays
 * are looked through, not copied.
 *
 * @param contents what a reader of this package gave, for example `(await readArrays(bytes)).contents`
 *
 * @example
 * describeArrays(await readNpz(bytes)).members;
 * // → [{ name: 'pose', kind: 'array', dtype: 'float32', shape: [2, 3], min: 1, max: 6 }]
 */
export function describeArrays(contents: unknown, options: DescribeOptions = {}): Description {
  return new Describer(options.maxMembers ?? 1000, options.maxText ?? 60).describe(contents);
}
