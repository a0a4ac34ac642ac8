import { strFromU8 } from 'fflate';
import { recordOf } from '../core/bytes.js';
import { elementCount } from '../core/dtypes.js';
import { columnToRowMajor, decodeElements } from '../core/elements.js';
import type { DType, TypedArray } from '../types.js';
import { type Characters, charArray, codePointsOf, textOfCharacters, unitsOf } from './characters.js';
import { toRowMajor } from './column-major.js';
import { convertNumbers, type ElementReader, type MatElement } from './element-reader.js';
import {
  FLAG_COMPLEX,
  FLAG_LOGICAL,
  MI_MATRIX,
  MI_UINT8,
  MI_UTF16,
  MI_UTF32,
  MI_UTF8,
  MX_CELL,
  MX_CHAR,
  MX_FUNCTION,
  MX_OBJECT,
  MX_OPAQUE,
  MX_SPARSE,
  MX_STRUCT,
  NUMERIC_CLASSES,
} from './mat-format.js';
import type { MatCell, MatChar, MatNumeric, MatSparse, MatStruct, MatValue } from './types.js';

const MAX_DEPTH = 32;
const MAX_DIMENSIONS = 64;
const BLANK = 0x20;
/** Blanks that take no bytes. */
const MAX_BLANKS = 1 << 16;
/** Structs without fields take no bytes; more of them than this is no data. */
const MAX_FIELDLESS = 1 << 16;

interface ArrayHead {
  readonly what: string;
  readonly shape: readonly number[];
  readonly count: number;
  readonly logical: boolean;
  readonly complex: boolean;
  readonly depth: number;
}

export interface NamedValue {
  readonly name: string;
  readonly value: MatValue;
}

/** [], one for all: a cell array of a million of them has a million elements of 8 bytes. */
const EMPTY: NamedValue = {
  name: '',
  value: {
    kind: 'numeric',
    dtype: 'float64',
    shape: Object.freeze([0, 0]),
    data: new Float64Array(),
    order: 'row-major',
    imaginary: undefined,
  },
};

/** Values of one part of an array in row-major order; turned round before they are widened. */
function readPart(
  reader: ElementReader,
  dtype: DType,
  { count, shape }: Pick<ArrayHead, 'count' | 'shape'>,
  what: string,
): TypedArray {
  const stored = reader.numbers(reader.next(what), what);
  if (stored.data.length !== count)
    reader.fail(`${what} has ${stored.data.length} values, its shape asks for ${count}`);
  return convertNumbers(columnToRowMajor(stored.data, shape), stored.dtype, dtype);
}

function readNumeric(reader: ElementReader, dtype: DType, head: ArrayHead): MatNumeric {
  const { what, shape, logical, complex } = head;
  const part = (name: string): TypedArray => readPart(reader, dtype, head, name);
  const data = part(what);
  const imaginary = complex ? part(`the imaginary part of ${what}`) : undefined;
  if (logical && data instanceof Uint8Array) for (let i = 0; i < data.length; i++) data[i] = data[i] === 0 ? 0 : 1;
  return {
    kind: 'numeric',
    dtype: logical && dtype === 'uint8' ? 'bool' : dtype,
    shape,
    data,
    order: 'row-major',
    imaginary,
  };
}

/**
 * Characters of a char array in column-major order: UTF-16 units, or whole code points where the shape counts those;
 * where there are no bytes at all MATLAB has blanks.
 */
function readCharacters(reader: ElementReader, element: MatElement, count: number, what: string): Characters {
  const { type, bytes } = element;
  if (bytes.length === 0 && count <= MAX_BLANKS) return new Uint16Array(count).fill(BLANK);
  const fitting = (characters: Characters): Characters => {
    if (characters.length === count) return characters;
    const points = codePointsOf(characters);
    if (points.length === count) return points;
    return reader.fail(`${what} has ${points.length} characters, its shape asks for ${count}`);
  };
  if (type === MI_UTF8) return fitting(unitsOf(strFromU8(bytes)));
  if (type === MI_UTF16) {
    if (bytes.length % 2 !== 0) reader.fail(`${what} takes ${bytes.length} bytes of 2 each`);
    return fitting(decodeElements(bytes, 'uint16', reader.littleEndian) as Uint16Array);
  }
  if (type === MI_UTF32) {
    if (bytes.length % 4 !== 0) reader.fail(`${what} takes ${bytes.length} bytes of 4 each`);
    const points = decodeElements(bytes, 'uint32', reader.littleEndian) as Uint32Array;
    if (points.some((point) => point > 0x10ffff)) reader.fail(`${what} holds values that are no characters`);
    if (points.length === count) return points;
    return fitting(unitsOf(textOfCharacters(points)));
  }
  return fitting(Uint16Array.from(reader.numbers(element, what).data as ArrayLike<number | bigint>, Number));
}

function readChar(reader: ElementReader, head: ArrayHead): MatChar {
  const { what, shape, count } = head;
  return charArray(readCharacters(reader, reader.next(what), count, what), shape);
}

/** Nested arrays take 8 bytes each at least; a count that the bytes cannot hold is refused before anything is made. */
function checkNestedCount(reader: ElementReader, count: number, what: string): void {
  if (count * 8 > reader.remaining) reader.fail(`${what} declares ${count} arrays in ${reader.remaining} bytes`);
}

function readNested(reader: ElementReader, what: string, depth: number): MatValue {
  const element = reader.next(what);
  if (element.type !== MI_MATRIX) reader.fail(`${what} has the data type ${element.type}, expected an array`);
  return readMatrix(reader.inside(element), depth + 1, what).value;
}

function readCell(reader: ElementReader, head: ArrayHead): MatCell {
  const { what, shape, count, depth } = head;
  checkNestedCount(reader, count, what);
  const cells = Array.from({ length: count }, (_, i) => readNested(reader, `cell ${i} of ${what}`, depth));
  return { kind: 'cell', shape, order: 'row-major', cells: toRowMajor(cells, shape) };
}

/** Field names that occur again become _1_name, _2_name, …: all values are kept. */
function distinctName(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `_${times}_${name}`;
  };
}

function readStruct(reader: ElementReader, head: ArrayHead, className: string | undefined): MatStruct {
  const { what, shape, count, depth } = head;
  const nameLength = reader.integers(`the field name length of ${what}`)[0] ?? 0;
  const nameBytes = reader.next(`the field names of ${what}`).bytes;
  if (nameBytes.length > 0 && (nameLength < 1 || nameBytes.length % nameLength !== 0)) {
    reader.fail(`the field names of ${what} take ${nameBytes.length} bytes of ${nameLength} each`);
  }
  const names = Array.from({ length: nameBytes.length === 0 ? 0 : nameBytes.length / nameLength }, (_, i) => {
    const name = nameBytes.subarray(i * nameLength, (i + 1) * nameLength);
    const end = name.indexOf(0);
    return strFromU8(name.subarray(0, end < 0 ? nameLength : end), true);
  }).map(distinctName());
  if (names.length === 0 && count > MAX_FIELDLESS) reader.fail(`${what} declares ${count} structs without a field`);
  checkNestedCount(reader, count * names.length, what);
  const elements = Array.from({ length: count }, () =>
    recordOf(names.map((name) => [name, readNested(reader, `field '${name}' of ${what}`, depth)] as const)),
  );
  return { kind: 'struct', shape, order: 'row-major', className, elements: toRowMajor(elements, shape) };
}

function readSparse(reader: ElementReader, head: ArrayHead): MatSparse {
  const { what, shape, logical, complex } = head;
  const [rows, columns] = shape as [number, number];
  const indices = reader.integers(`the rows of ${what}`);
  const indptr = reader.integers(`the columns of ${what}`);
  const stored = indptr.at(-1) ?? -1;
  let ordered = indptr.length === columns + 1 && indptr[0] === 0 && stored <= indices.length;
  for (let column = 0; ordered && column < columns; column++) ordered = indptr[column]! <= indptr[column + 1]!;
  if (shape.length !== 2 || !ordered) reader.fail(`the columns of ${what} do not fit its shape [${shape.join(', ')}]`);
  const used = indices.slice(0, stored);
  if (used.some((row) => row < 0 || row >= rows))
    reader.fail(`a row of ${what} is outside its shape [${shape.join(', ')}]`);
  const dtype: DType = logical ? 'bool' : 'float64';
  const part = (name: string): TypedArray => {
    const element = reader.next(name);
    // MATLAB says that logicals of sparse matrices are doubles, and writes bytes
    const areBytes = logical && element.bytes.length < stored * 8;
    const values = reader.numbers(areBytes ? { ...element, type: MI_UINT8 } : element, name);
    if (values.data.length < stored)
      reader.fail(`${name} has ${values.data.length} values, its columns ask for ${stored}`);
    const converted = convertNumbers(values.data.slice(0, stored), values.dtype, logical ? 'uint8' : 'float64');
    return converted;
  };
  const data = part(what);
  const imaginary = complex ? part(`the imaginary part of ${what}`) : undefined;
  return { kind: 'sparse', format: 'csc', dtype, shape: [rows, columns], data, imaginary, indices: used, indptr };
}

/** The array in the bytes of a matrix element, with its name. */
export function readMatrix(reader: ElementReader, depth = 0, parent?: string): NamedValue {
  if (depth > MAX_DEPTH) reader.fail(`arrays are nested more than ${MAX_DEPTH} deep`);
  if (reader.done && parent !== undefined) {
    return EMPTY; // an empty element stands for []
  }
  const flags = reader.integers('the flags of an array')[0] ?? 0;
  const classId = flags & 0xff;
  if (classId === MX_OPAQUE) {
    return { name: reader.text('the name of an object'), value: { kind: 'unsupported', className: 'opaque object' } };
  }
  const dimensions = reader.integers('the dimensions of an array');
  const name = reader.text('the name of an array');
  if (classId === MX_FUNCTION) return { name, value: { kind: 'unsupported', className: 'function handle' } };
  const what = parent ?? `variable '${name}'`;
  const shape = [...dimensions];
  const count = elementCount(shape);
  if (count === undefined || shape.length < 2 || shape.length > MAX_DIMENSIONS) {
    reader.fail(`${what} has the shape [${shape.slice(0, 8).join(', ')}]`);
  }
  const logical = (flags & FLAG_LOGICAL) !== 0;
  const complex = (flags & FLAG_COMPLEX) !== 0;
  const head: ArrayHead = { what, shape, count, logical, complex, depth };
  const read = (): MatValue => {
    const dtype = NUMERIC_CLASSES.get(classId);
    if (dtype !== undefined) return readNumeric(reader, dtype, head);
    if (classId === MX_CHAR) return readChar(reader, head);
    if (classId === MX_CELL) return readCell(reader, head);
    if (classId === MX_STRUCT) return readStruct(reader, head, undefined);
    if (classId === MX_OBJECT) return readStruct(reader, head, reader.text(`the class of ${what}`));
    if (classId === MX_SPARSE) return readSparse(reader, head);
    return reader.fail(`${what} has the unknown array class ${classId}`);
  };
  return { name, value: read() };
}
