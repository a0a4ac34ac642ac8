import { recordOf } from '../core/bytes.js';
import { DTYPE_LAYOUTS, elementCount } from '../core/dtypes.js';
import { columnToRowMajor } from '../core/elements.js';
import type { Hdf5File } from '../hdf5/hdf5-file.js';
import { readAttribute, readContent } from '../hdf5/read-content.js';
import type { Hdf5Numeric } from '../hdf5/types.js';
import type { DType, TypedArray } from '../types.js';
import { charArray } from './characters.js';
import { toRowMajor } from './column-major.js';
import { NUMERIC_CLASSES } from './mat-format.js';
import type { MatSparse, MatValue } from './types.js';

const MAX_DEPTH = 32;
/** Structs without fields take no bytes; more of them than this is no data. */
const MAX_FIELDLESS = 1 << 16;
const NUMERIC_NAMES: ReadonlyMap<string, DType> = new Map([
  ...[...NUMERIC_CLASSES.values()].map((dtype) => [dtype as string, dtype] as const),
  ['double', 'float64'],
  ['single', 'float32'],
]);

/** Every second value from `first` on. */
function everySecond(data: TypedArray, first: number): TypedArray {
  return data.filter((_: number | bigint, i: number) => i % 2 === first);
}

/**
 * Reads the variables of an open MAT file of version 7.3: HDF5 in which every object's attribute `MATLAB_class` says
 * what it is. Dimensions stand in reverse order, values column by column; cells and struct arrays are references to
 * objects in the group `#refs#`.
 */
export class MatHdf5Reader {
  readonly #open = new Set<string>();
  /** Arrays by their place in the file: one that several cells refer to is read once. */
  readonly #known = new Map<string, MatValue>();

  constructor(readonly file: Hdf5File) {}

  variables(): Record<string, MatValue> {
    const names = this.file.names('/').filter((name) => !name.startsWith('#'));
    return recordOf(names.map((name) => [name, this.#value(`/${name}`, `variable '${name}'`)] as const));
  }

  #text(path: string, name: string): string | undefined {
    const attribute = readAttribute(this.file, path, name);
    return attribute?.kind === 'text' ? attribute.data[0] : undefined;
  }

  #number(path: string, name: string): number | undefined {
    const attribute = readAttribute(this.file, path, name);
    return attribute?.kind === 'numeric' && attribute.data.length > 0 ? Number(attribute.data[0]) : undefined;
  }

  #value(path: string, what: string): MatValue {
    const { file } = this;
    const kind = file.kindOf(path);
    if (kind !== 'group' && kind !== 'dataset') return file.fail(`${what} is no array (${kind ?? 'nothing'} in HDF5)`);
    const address = file.addressOf(path);
    if (this.#open.has(address)) return file.fail(`${what} holds itself`);
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    if (this.#open.size > MAX_DEPTH) return file.fail(`arrays are nested more than ${MAX_DEPTH} deep`);
    this.#open.add(address);
    const value = this.#classified(path, kind, what);
    this.#open.delete(address);
    this.#known.set(address, value);
    return value;
  }

  #classified(path: string, kind: 'group' | 'dataset', what: string): MatValue {
    const { file } = this;
    const className = this.#text(path, 'MATLAB_class');
    if (className === undefined) {
      return file.fail(`${what} has no attribute MATLAB_class: MATLAB did not write this file, readHdf5 reads it`);
    }
    if (this.#number(path, 'MATLAB_object_decode') !== undefined) return { kind: 'unsupported', className };
    if (kind === 'group') {
      if (this.#number(path, 'MATLAB_sparse') !== undefined) return this.#sparse(path, className, what);
      return className === 'struct' ? this.#structGroup(path, what) : { kind: 'unsupported', className };
    }
    if (this.#number(path, 'MATLAB_empty') === 1) return this.#empty(path, className, what);
    if (className === 'cell') {
      const { shape, targets } = this.#references(path, what);
      const cells = targets.map((target, i) => this.#value(target, `cell ${i} of ${what}`));
      return { kind: 'cell', shape, order: 'row-major', cells: toRowMajor(cells, shape) };
    }
    return this.#array(path, className, what);
  }

  /** Numbers of a dataset with MATLAB's order of dimensions; their values are still column by column. */
  #stored(path: string, what: string): Hdf5Numeric {
    const content = readContent(this.file, { path });
    if (content.kind !== 'numeric') {
      return this.file.fail(
        `${what} holds ${content.kind === 'unsupported' ? content.className : content.kind}, expected numbers`,
      );
    }
    const shape = content.shape.length === 0 ? [1, 1] : [...content.shape].reverse();
    return { ...content, shape: shape.length === 1 ? [...shape, 1] : shape };
  }

  #array(path: string, className: string, what: string): MatValue {
    const { dtype, shape, data } = this.#stored(path, what);
    if (className === 'char') {
      return charArray(Uint16Array.from(data as ArrayLike<number | bigint>, Number), shape);
    }
    const wanted = className === 'logical' ? 'uint8' : NUMERIC_NAMES.get(className);
    if (wanted === undefined) return { kind: 'unsupported', className };
    if (dtype === 'complex64' || dtype === 'complex128') {
      const part = (first: number): TypedArray => columnToRowMajor(everySecond(data, first), shape);
      const real = dtype === 'complex64' ? 'float32' : 'float64';
      return { kind: 'numeric', dtype: real, shape, order: 'row-major', data: part(0), imaginary: part(1) };
    }
    const rowMajor = columnToRowMajor(data, shape);
    if (className === 'logical' && DTYPE_LAYOUTS[dtype].bytes === 1) {
      const flags = Uint8Array.from(rowMajor as Uint8Array, (value) => (value === 0 ? 0 : 1));
      return { kind: 'numeric', dtype: 'bool', shape, order: 'row-major', data: flags, imaginary: undefined };
    }
    return { kind: 'numeric', dtype, shape, order: 'row-major', data: rowMajor, imaginary: undefined };
  }

  /** An array without elements: the dataset holds its dimensions. */
  #empty(path: string, className: string, what: string): MatValue {
    const { file } = this;
    const { data } = this.#stored(path, what);
    const shape = Array.from(data as Iterable<number | bigint>, Number);
    const count = elementCount(shape);
    if (count === undefined || shape.length < 2 || shape.length > 64) return file.fail(`${what} has no valid shape`);
    if (className === 'struct') {
      // a struct with elements but without fields is kept like this too
      if (count > MAX_FIELDLESS) return file.fail(`${what} declares ${count} structs without a field`);
      const elements = Array.from({ length: count }, () => ({}));
      return { kind: 'struct', shape, order: 'row-major', className: undefined, elements };
    }
    if (count !== 0) return file.fail(`${what} is marked as empty and has the shape [${shape.join(', ')}]`);
    if (className === 'cell') return { kind: 'cell', shape, order: 'row-major', cells: [] };
    if (className === 'char') return { kind: 'char', shape, rows: [] };
    const dtype = className === 'logical' ? 'bool' : NUMERIC_NAMES.get(className);
    if (dtype === undefined) return { kind: 'unsupported', className };
    const none = new DTYPE_LAYOUTS[dtype].array(new ArrayBuffer(0));
    return { kind: 'numeric', dtype, shape, order: 'row-major', data: none, imaginary: undefined };
  }

  #references(path: string, what: string): { shape: number[]; targets: string[] } {
    const { file } = this;
    const content = readContent(file, { path });
    if (content.kind !== 'references') return file.fail(`${what} holds no references to its elements`);
    const shape = [...content.shape].reverse();
    const targets = content.targets.map((target) => target ?? file.fail(`${what} has an element that is nowhere`));
    return { shape: shape.length < 2 ? [...shape, 1, 1].slice(0, 2) : shape, targets };
  }

  /** A struct has its fields as members; those of an array of structs hold one reference per element. */
  #structGroup(path: string, what: string): MatValue {
    const { file } = this;
    const order = readAttribute(file, path, 'MATLAB_fields');
    const names = file.names(path);
    const listed = order?.kind === 'text' ? order.data.filter((name) => names.includes(name)) : [];
    const fields = [...listed, ...names.filter((name) => !listed.includes(name))];
    const classes = fields.map((name) => this.#text(`${path}/${name}`, 'MATLAB_class'));
    if (fields.length === 0 || classes.some((className) => className !== undefined)) {
      const element = fields.map(
        (name) => [name, this.#value(`${path}/${name}`, `field '${name}' of ${what}`)] as const,
      );
      return { kind: 'struct', shape: [1, 1], order: 'row-major', className: undefined, elements: [recordOf(element)] };
    }
    const columns = fields.map((name) => this.#references(`${path}/${name}`, `field '${name}' of ${what}`));
    const { shape } = columns[0]!;
    if (columns.some((column) => column.shape.join() !== shape.join())) {
      return file.fail(`the fields of ${what} have different numbers of elements`);
    }
    const elements = columns[0]!.targets.map((_, i) =>
      recordOf(
        fields.map((name, k) => [name, this.#value(columns[k]!.targets[i]!, `field '${name}' of ${what}`)] as const),
      ),
    );
    return { kind: 'struct', shape, order: 'row-major', className: undefined, elements: toRowMajor(elements, shape) };
  }

  #sparse(path: string, className: string, what: string): MatSparse {
    const { file } = this;
    const rows = this.#number(path, 'MATLAB_sparse')!;
    const members = file.names(path);
    const integers = (name: string): Int32Array => {
      if (!members.includes(name)) return new Int32Array();
      const values = Array.from(this.#stored(`${path}/${name}`, what).data as Iterable<number | bigint>, Number);
      if (values.some((value) => !(value >= 0 && value < 2 ** 31))) file.fail(`${what} has positions beyond 2^31`);
      return Int32Array.from(values);
    };
    const [indices, indptr] = [integers('ir'), integers('jc')];
    const stored = indptr.at(-1) ?? -1;
    const rising = indptr.every((start, column) => column === 0 || start >= indptr[column - 1]!);
    const logical = className === 'logical';
    const values = members.includes('data') ? this.#stored(`${path}/data`, what) : undefined;
    const complex = values?.dtype === 'complex128';
    if (values !== undefined && !complex && values.dtype !== (logical ? 'uint8' : 'float64')) {
      file.fail(`the values of ${what} are ${values.dtype}, its class is ${className}`);
    }
    const data = values?.data ?? (logical ? new Uint8Array() : new Float64Array());
    if (indptr[0] !== 0 || !rising || stored > indices.length || stored * (complex ? 2 : 1) > data.length) {
      file.fail(`the columns of ${what} do not fit its values`);
    }
    const used = indices.slice(0, stored);
    if (used.some((row) => row >= rows)) file.fail(`a row of ${what} is outside its shape`);
    return {
      kind: 'sparse',
      format: 'csc',
      dtype: logical ? 'bool' : 'float64',
      shape: [rows, indptr.length - 1],
      data: (complex ? everySecond(data, 0) : data).slice(0, stored),
      imaginary: complex ? everySecond(data, 1).slice(0, stored) : undefined,
      indices: used,
      indptr,
    };
  }
}
