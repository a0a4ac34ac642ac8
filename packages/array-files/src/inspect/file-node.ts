import { isPlainArray, isSparseMatrix } from '../numpy/kinds.js';
import type { DType, PlainArray, SparseMatrix, TextArray, TypedArray } from '../types.js';

/** What any value that a reader of this package gives comes down to. */
export type FileNode =
  | { readonly kind: 'array'; readonly array: PlainArray; readonly imaginary: TypedArray | undefined }
  | { readonly kind: 'sparse'; readonly matrix: SparseMatrix; readonly imaginary: TypedArray | undefined }
  | { readonly kind: 'texts'; readonly texts: TextArray }
  | { readonly kind: 'scalar'; readonly value: null | boolean | number | bigint | string }
  | { readonly kind: 'members'; readonly what: string; readonly members: readonly Member[] }
  | { readonly kind: 'opaque'; readonly what: string };

export type Member = readonly [name: string, value: unknown];

interface Tagged {
  readonly kind?: unknown;
  readonly dtype?: unknown;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
  readonly imaginary?: TypedArray | undefined;
  readonly rows: readonly string[];
  readonly cells: readonly unknown[];
  readonly elements: readonly Readonly<Record<string, unknown>>[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly children: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly targets: readonly (string | undefined)[];
  readonly className?: string | undefined;
  readonly target: string;
  readonly file: string | undefined;
}

const sized = (what: string, shape: readonly number[]): string => `${what} [${shape.join(', ')}]`;
const numbered = (values: readonly unknown[]): Member[] => values.map((value, i) => [String(i), value]);
const members = (what: string, list: readonly Member[]): FileNode => ({ kind: 'members', what, members: list });

/** Attributes of a group or dataset of HDF5, their names marked with an @. */
export function attributesOf(value: unknown): Member[] {
  const { kind, attributes } = (value ?? {}) as Partial<Tagged>;
  if (kind === undefined || attributes === undefined) return [];
  return Object.entries(attributes).map(([name, attribute]) => [`@${name}`, attribute] as const);
}

/** Values of a MAT or HDF5 file, which carry a `kind`. */
function taggedNode(value: Tagged): FileNode | undefined {
  switch (value.kind) {
    case 'char':
      return {
        kind: 'texts',
        texts: { dtype: 'text', shape: value.rows.length === 1 ? [] : [value.rows.length], data: value.rows },
      };
    case 'cell':
      return members(sized('cell', value.shape), numbered(value.cells));
    case 'struct': {
      const [only] = value.elements;
      const name = value.className === undefined ? 'struct' : `object of class ${value.className}`;
      if (value.elements.length === 1) return members(name, Object.entries(only!));
      return members(sized(name, value.shape), numbered(value.elements));
    }
    case 'group':
      return members('group', Object.entries(value.children));
    case 'references': {
      const data = value.targets.map((target) => target ?? '');
      return { kind: 'texts', texts: { dtype: 'text', shape: value.shape, data } };
    }
    case 'link':
      return { kind: 'opaque', what: `link to ${value.target}${value.file === undefined ? '' : ` in ${value.file}`}` };
    case 'unsupported':
      return { kind: 'opaque', what: value.className! };
    default:
      return undefined;
  }
}

function objectNode(value: object): FileNode {
  const tagged = value as Tagged;
  if (Object.hasOwn(value, 'kind')) {
    const node = taggedNode(tagged);
    if (node !== undefined) return node;
  }
  if (tagged.dtype === 'text') return { kind: 'texts', texts: value as TextArray };
  if (tagged.dtype === 'object') return members(sized('object array', tagged.shape), numbered(tagged.data));
  if (tagged.dtype === 'record') return members(sized('records', tagged.shape), Object.entries(tagged.fields));
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<unknown, unknown>)];
    return members(
      'dict',
      entries.map(([key, item]) => [String(key), item] as const),
    );
  }
  if (value instanceof Set) return members('set', numbered([...(value as ReadonlySet<unknown>)]));
  if (Array.isArray(value)) return members('list', numbered(value));
  return members('dict', Object.entries(value));
}

/** The node of a value of any reader: of pickles and checkpoints, numpy, safetensors, MAT and HDF5. */
export function fileNode(value: unknown): FileNode {
  if (value === null || value === undefined) return { kind: 'scalar', value: null };
  if (typeof value !== 'object') return { kind: 'scalar', value: value as boolean | number | bigint | string };
  const { imaginary } = value as Tagged;
  if (isPlainArray(value)) return { kind: 'array', array: value, imaginary };
  if (isSparseMatrix(value)) return { kind: 'sparse', matrix: value, imaginary };
  if (value instanceof Uint8Array) {
    return { kind: 'array', array: { dtype: 'uint8', shape: [value.length], data: value }, imaginary: undefined };
  }
  const { re, im } = value as { readonly re?: unknown; readonly im?: unknown };
  if (typeof re === 'number' && typeof im === 'number') {
    const array: PlainArray = { dtype: 'complex128', shape: [], data: Float64Array.of(re, im) };
    return { kind: 'array', array, imaginary: undefined };
  }
  return objectNode(value);
}

/** The element type, complex where imaginary parts stand beside. */
export function fullDType({ dtype }: Pick<PlainArray, 'dtype'>, imaginary: TypedArray | undefined): DType {
  if (imaginary === undefined) return dtype;
  return dtype === 'float32' ? 'complex64' : 'complex128';
}
