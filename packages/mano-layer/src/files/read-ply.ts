import { FileFormatError } from '@opposable/tensor-checks';
import type { MeshFile } from './read-mesh.js';

interface Property {
  readonly name: string;
  readonly type: string;
  /** Type of the length in front of a list. */
  readonly count: string | undefined;
}
interface Element {
  readonly name: string;
  readonly count: number;
  readonly properties: Property[];
}

const SIZES: Readonly<Record<string, number>> = {
  ...{ char: 1, int8: 1, uchar: 1, uint8: 1, short: 2, int16: 2, ushort: 2, uint16: 2 },
  ...{ int: 4, int32: 4, uint: 4, uint32: 4, float: 4, float32: 4, double: 8, float64: 8 },
};
const END = /end_header\r?\n/;
/** A header is a few lines; a longer one is not a header. */
const LONGEST_HEADER = 1 << 16;

const fail = (message: string, actual?: unknown): never => {
  throw new FileFormatError(`readPly: ${message}`, { actual });
};

function parseHeader(text: string): { format: string; elements: Element[] } {
  const elements: Element[] = [];
  let format = '';
  for (const line of text.split(/\r?\n/).slice(1)) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === 'format') format = words[0] ?? '';
    else if (keyword === 'element') {
      const count = Number(words[1]);
      if (!(Number.isInteger(count) && count >= 0))
        fail(`expected a number of ${words[0]}, got ${words[1]}.`, words[1]);
      elements.push({ name: words[0] ?? '', count, properties: [] });
    } else if (keyword === 'property') {
      const list = words[0] === 'list';
      const [count, type, name] = list ? [words[1], words[2], words[3]] : [undefined, words[0], words[1]];
      for (const kind of list ? [count, type] : [type]) {
        if (!(kind !== undefined && kind in SIZES))
          fail(`expected a type among ${Object.keys(SIZES).join(', ')}, got ${kind}.`, kind);
      }
      elements.at(-1)?.properties.push({ name: name ?? '', type: type!, count });
    }
  }
  if (!['ascii', 'binary_little_endian', 'binary_big_endian'].includes(format)) {
    fail(`expected format ascii, binary_little_endian or binary_big_endian, got ${format || 'none'}.`, format);
  }
  return { format, elements };
}

/** Gives one number after the other, of the type that is asked for. */
function numbersOf(bytes: Uint8Array, start: number, format: string): (type: string) => number {
  if (format === 'ascii') {
    const words = new TextDecoder().decode(bytes.subarray(start)).split(/\s+/).filter(Boolean);
    let at = 0;
    return () => {
      const value = Number(words[at]);
      if (at >= words.length || Number.isNaN(value))
        fail(`expected a number, got ${words[at] ?? 'the end of the file'}.`, words[at]);
      at++;
      return value;
    };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = format === 'binary_little_endian';
  let at = start;
  return (type) => {
    const size = SIZES[type]!;
    if (at + size > bytes.length)
      fail(`expected ${at + size} bytes or more, the file ends after ${bytes.length}.`, bytes.length);
    const here = at;
    at += size;
    if (type === 'float' || type === 'float32') return view.getFloat32(here, little);
    if (size === 8) return view.getFloat64(here, little);
    const signed = !type.startsWith('u');
    if (size === 1) return signed ? view.getInt8(here) : view.getUint8(here);
    if (size === 2) return signed ? view.getInt16(here, little) : view.getUint16(here, little);
    return signed ? view.getInt32(here, little) : view.getUint32(here, little);
  };
}

/**
 * A PLY file, ascii or binary: positions, colours (`red green blue`, bytes or 0 … 1) and faces (cut into triangles from the first
 * corner). Everything else is passed over.
 *
 * @param bytes the file
 * @throws FileFormatError saying what was expected
 */
export function readPly(bytes: Uint8Array): MeshFile {
  const top = new TextDecoder('latin1').decode(bytes.subarray(0, LONGEST_HEADER));
  const end = END.exec(top);
  if (!top.startsWith('ply') || end === null) return fail('expected a header from ply to end_header, found none.');
  const { format, elements } = parseHeader(top.slice(0, end.index));
  const next = numbersOf(bytes, end.index + end[0].length, format);
  let positions: Float64Array | undefined;
  let colors: Float64Array | undefined;
  const faces: number[] = [];
  for (const { name, count, properties } of elements) {
    const smallest = properties.reduce((sum, { type, count: list }) => sum + SIZES[list ?? type]!, 0);
    if (format !== 'ascii' && count * smallest > bytes.length) {
      fail(`expected ${count} ${name}, the file has room for fewer.`, count);
    }
    if (count > bytes.length) fail(`expected ${count} ${name}, the file has room for fewer.`, count);
    const column = (wanted: string) => properties.findIndex((property) => property.name === wanted);
    const xyz = ['x', 'y', 'z'].map(column);
    const rgb = ['red', 'green', 'blue'].map(column);
    const isVertex = name === 'vertex' && !xyz.includes(-1);
    const isColored = isVertex && !rgb.includes(-1);
    const bytesOfColor = isColored && SIZES[properties[rgb[0]!]!.type] === 1;
    if (isVertex) positions = new Float64Array(count * 3);
    if (isColored) colors = new Float64Array(count * 3);
    const row = new Float64Array(properties.length);
    for (let i = 0; i < count; i++) {
      properties.forEach((property, p) => {
        if (property.count === undefined) {
          row[p] = next(property.type);
          return;
        }
        const length = next(property.count);
        if (!(length >= 0 && length <= bytes.length))
          fail(`expected a list within the file, got one of ${length}.`, length);
        const isFace = name === 'face' && /^vertex_ind(ex|ices)$/.test(property.name);
        let [first, previous] = [0, 0];
        for (let k = 0; k < length; k++) {
          const value = next(property.type);
          if (!isFace) continue;
          if (k === 0) first = value;
          else if (k > 1) faces.push(first, previous, value);
          previous = value;
        }
      });
      if (isVertex) for (let k = 0; k < 3; k++) positions![3 * i + k] = row[xyz[k]!]!;
      if (isColored) for (let k = 0; k < 3; k++) colors![3 * i + k] = row[rgb[k]!]! / (bytesOfColor ? 255 : 1);
    }
  }
  if (positions === undefined || positions.length === 0) return fail('expected vertices with x, y and z, found none.');
  const vertexCount = positions.length / 3;
  const bad = faces.find((vertex) => !(Number.isInteger(vertex) && vertex >= 0 && vertex < vertexCount));
  if (bad !== undefined) fail(`expected faces to name vertices 0 … ${vertexCount - 1}, got ${bad}.`, bad);
  const infinite = positions.find((value) => !Number.isFinite(value));
  if (infinite !== undefined) fail(`expected finite coordinates, got ${infinite}.`, infinite);
  return { vertices: positions, faces: Int32Array.from(faces), colors };
}
