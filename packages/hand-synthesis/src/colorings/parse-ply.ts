/**
 * PLY: a text header that lists elements and their properties, then rows of numbers as text or binary.
 * Source: Greg Turk, The PLY Polygon File Format, 1994.
 */
import { FileFormatError } from '@opposable/tensor-checks';
import type { ColoredMesh } from './types.js';

const READERS = {
  char: [1, (view, at) => view.getInt8(at)],
  uchar: [1, (view, at) => view.getUint8(at)],
  short: [2, (view, at, little) => view.getInt16(at, little)],
  ushort: [2, (view, at, little) => view.getUint16(at, little)],
  int: [4, (view, at, little) => view.getInt32(at, little)],
  uint: [4, (view, at, little) => view.getUint32(at, little)],
  float: [4, (view, at, little) => view.getFloat32(at, little)],
  double: [8, (view, at, little) => view.getFloat64(at, little)],
} as const satisfies Record<string, readonly [number, (view: DataView, at: number, little: boolean) => number]>;
type Kind = keyof typeof READERS;

const ALIASES: Readonly<Record<string, Kind>> = {
  ...{ int8: 'char', uint8: 'uchar', int16: 'short', uint16: 'ushort' },
  ...{ int32: 'int', uint32: 'uint', float32: 'float', float64: 'double' },
};

interface Property {
  readonly name: string;
  readonly kind: Kind;
  /** kind of the length, for lists */
  readonly counted: Kind | undefined;
}

interface Element {
  readonly name: string;
  readonly count: number;
  readonly properties: Property[];
}

function fail(message: string): FileFormatError {
  return new FileFormatError(`parsePly: ${message}.`, { expected: 'a PLY file, ascii or binary' });
}

function kindOf(name: string | undefined): Kind {
  const kind = ALIASES[name ?? ''] ?? name;
  if (kind === undefined || !Object.hasOwn(READERS, kind)) throw fail(`unknown type '${String(name)}' of a property`);
  return kind as Kind;
}

const HEADER_LIMIT = 65_536;

function parseHeader(bytes: Uint8Array): { format: string; elements: Element[]; start: number } {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, HEADER_LIMIT));
  const end = /(^|\n)end_header\r?\n/.exec(text);
  if (!text.startsWith('ply') || end === null) throw fail('expected a header from ply to end_header, found none');
  let format = '';
  const elements: Element[] = [];
  for (const line of text.slice(0, end.index).split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'format') format = rest[0] ?? '';
    if (word === 'element') {
      const count = Number(rest[1]);
      if (!Number.isInteger(count) || count < 0) throw fail(`element ${rest[0]} has the count '${rest[1]}'`);
      elements.push({ name: rest[0] ?? '', count, properties: [] });
    }
    if (word === 'property') {
      const owner = elements.at(-1);
      if (owner === undefined) throw fail('a property stands before any element');
      owner.properties.push(
        rest[0] === 'list'
          ? { name: rest[3] ?? '', kind: kindOf(rest[2]), counted: kindOf(rest[1]) }
          : { name: rest[1] ?? '', kind: kindOf(rest[0]), counted: undefined },
      );
    }
  }
  return { format, elements, start: end.index + end[0].length };
}

/** The next number of a kind, whatever the format. */
type Next = (kind: Kind) => number;

function asciiReader(bytes: Uint8Array): Next {
  const words = new TextDecoder('latin1').decode(bytes).match(/\S+/g) ?? [];
  let at = 0;
  return () => {
    const value = Number(words[at++]);
    if (!Number.isFinite(value)) throw fail(`expected a number, got '${words[at - 1] ?? 'the end of the file'}'`);
    return value;
  };
}

function binaryReader(bytes: Uint8Array, little: boolean): Next {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return (kind) => {
    const [size, read] = READERS[kind];
    if (at + size > bytes.length) throw fail('the file ends before its last row');
    const value = read(view, at, little);
    at += size;
    return value;
  };
}

/** Fewest bytes that a row can take: a file cannot promise more rows than it holds. */
function leastSize({ properties }: Element, isText: boolean): number {
  const sizes = properties.map(({ kind, counted }) => (isText ? 1 : READERS[counted ?? kind][0]));
  return Math.max(
    1,
    sizes.reduce<number>((sum, size) => sum + size, 0),
  );
}

/**
 * Vertices, their colours (`red`, `green`, `blue`, bytes or 0 … 1) and faces of a PLY file.
 *
 * @param bytes ascii, binary_little_endian or binary_big_endian
 * @throws FileFormatError for anything else, a file that is cut off, or a face that names no vertex
 */
export function parsePly(bytes: Uint8Array): ColoredMesh {
  const { format, elements, start } = parseHeader(bytes);
  const body = bytes.subarray(start);
  const isText = format === 'ascii';
  if (!isText && format !== 'binary_little_endian' && format !== 'binary_big_endian') {
    throw fail(`expected the format ascii, binary_little_endian or binary_big_endian, got '${format}'`);
  }
  const next = isText ? asciiReader(body) : binaryReader(body, format === 'binary_little_endian');
  let vertices = new Float64Array(0);
  let colors: Float64Array | undefined;
  const faces: number[] = [];
  for (const element of elements) {
    const { name, count, properties } = element;
    if (count * leastSize(element, isText) > body.length)
      throw fail(`${count} rows of ${name} are more than the file holds`);
    const places = (names: readonly string[]) => names.map((own) => properties.findIndex((p) => p.name === own));
    const isVertex = name === 'vertex';
    const xyz = places(['x', 'y', 'z']);
    const rgb = places(['red', 'green', 'blue']);
    const hasColors = isVertex && rgb.every((place) => place >= 0);
    if (isVertex) {
      if (xyz.includes(-1)) throw fail('expected the vertices to have x, y and z');
      vertices = new Float64Array(3 * count);
      if (hasColors) colors = new Float64Array(3 * count);
    }
    const row = new Float64Array(properties.length);
    for (let i = 0; i < count; i++) {
      properties.forEach(({ kind, counted, name: own }, p) => {
        if (counted === undefined) {
          row[p] = next(kind);
          return;
        }
        const corners = Array.from({ length: next(counted) }, () => next(kind));
        if (name !== 'face' || !/^vertex_ind(ex|ices)$/.test(own)) return;
        for (let k = 2; k < corners.length; k++) faces.push(corners[0]!, corners[k - 1]!, corners[k]!);
      });
      if (!isVertex) continue;
      for (let k = 0; k < 3; k++) {
        vertices[3 * i + k] = row[xyz[k]!]!;
        if (hasColors) colors![3 * i + k] = row[rgb[k]!]! / (properties[rgb[k]!]!.kind === 'uchar' ? 255 : 1);
      }
    }
  }
  const wrong = faces.find((vertex) => !(vertex >= 0 && vertex < vertices.length / 3));
  if (vertices.length === 0) throw fail('expected at least one vertex, found none');
  if (wrong !== undefined) throw fail(`a face names vertex ${wrong} of ${vertices.length / 3}`);
  if (!vertices.every(Number.isFinite)) throw fail('expected finite coordinates');
  return { vertices, faces: Uint32Array.from(faces), colors: colors?.map((value) => Math.min(1, Math.max(0, value))) };
}
