import { FileFormatError } from '@opposable/tensor-checks';
import { zlibSync } from 'fflate';
import { describeArray, expected, type ExpectedArray, fixture } from '../test-support/fixtures.js';
import { parseMat, readMat } from './read-mat.js';
import type { MatCell, MatChar, MatNumeric, MatSparse, MatStruct, MatValue } from './types.js';

const numeric = (value: MatValue | undefined): ExpectedArray => {
  expect(value).toMatchObject({ kind: 'numeric', order: 'row-major' });
  return describeArray(value as MatNumeric);
};

/** A little-endian file with these elements after its header. */
function matOf(...elements: Uint8Array[]): Uint8Array {
  const header = new Uint8Array(128).fill(0x20, 0, 116);
  header.set([0, 1, 0x49, 0x4d], 124);
  return new Uint8Array([header, ...elements].flatMap((bytes) => [...bytes]));
}
function element(type: number, payload: ArrayLike<number>): Uint8Array {
  const padded = new Uint8Array(8 + Math.ceil(payload.length / 8) * 8);
  new DataView(padded.buffer).setUint32(0, type, true);
  new DataView(padded.buffer).setUint32(4, payload.length, true);
  padded.set(Array.from(payload), 8);
  return padded;
}
const int32 = (...values: number[]): Uint8Array => new Uint8Array(new Int32Array(values).buffer);
const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(parts.flatMap((part) => [...part]));
const matrix = (classId: number, shape: number[], ...parts: Uint8Array[]): Uint8Array =>
  element(14, concat(element(6, int32(classId, 0)), element(5, int32(...shape)), element(1, [0x61]), ...parts));

describe.each(['plain.mat', 'compressed.mat'])('readMat of %s, written by scipy', (name) => {
  const variables = parseMat(fixture(name));

  it.each(Object.keys(expected['mat']!))('reads the numeric variable %s in row-major order', (key) => {
    expect(numeric(variables[key])).toEqual((expected as Record<string, Record<string, ExpectedArray>>)['mat']![key]);
  });

  it('reads complex numbers as two parts', () => {
    const { data, imaginary, shape } = variables['complex'] as MatNumeric;
    expect([shape, [...data], [...imaginary!]]).toEqual([
      [2, 2],
      [1, 3, 0, -0],
      [2, 0, 0, -1],
    ]);
  });

  it('reads texts row by row', () => {
    expect(variables['text']).toMatchObject({ kind: 'char', rows: ['Hand – größer'] });
    expect(variables['lines']).toMatchObject({ kind: 'char', rows: ['abc', 'de '] });
  });

  it('reads cells in row-major order', () => {
    const { shape, cells } = variables['cell'] as MatCell;
    expect(shape).toEqual([2, 2]);
    expect(numeric(cells[0])).toEqual({ dtype: 'float64', shape: [1, 2], data: [1, 2] });
    expect((cells[1] as MatChar).rows).toEqual(['text']);
    expect(numeric(cells[2])).toEqual({ dtype: 'float64', shape: [0, 0], data: [] });
    expect(numeric(cells[3])).toEqual({ dtype: 'int8', shape: [1, 1], data: [7] });
  });

  it('reads structs, nested ones and arrays of them', () => {
    const [{ radius, inner }] = (variables['struct'] as MatStruct).elements as [Record<string, MatValue>];
    expect(numeric(radius).data).toEqual([2]);
    const [{ label, values }] = (inner as MatStruct).elements as [Record<string, MatValue>];
    expect((label as MatChar).rows).toEqual(['deep']);
    expect(numeric(values)).toEqual({ dtype: 'uint8', shape: [1, 3], data: [1, 2, 3] });
    const persons = variables['persons'] as MatStruct;
    expect(persons.shape).toEqual([1, 2]);
    expect(persons.elements.map((person) => (person['name'] as MatChar).rows[0])).toEqual(['Ada', 'Émile']);
    expect(persons.elements.map((person) => numeric(person['age']).data[0])).toEqual([36, 4]);
  });

  it('reads sparse matrices as compressed columns', () => {
    const { format, shape, data, indices, indptr } = variables['sparse'] as MatSparse;
    expect([format, shape, [...data], [...indices], [...indptr]]).toEqual([
      'csc',
      [3, 4],
      [2, 1.5, 4, -3],
      [1, 0, 2, 1],
      [0, 1, 3, 3, 4],
    ]);
  });
});

describe('readMat', () => {
  it.each(['handmade-little.mat', 'handmade-big.mat'])(
    'unpacks doubles stored as small integers in %s',
    async (name) => {
      const variables = await readMat(fixture(name));
      const values = (expected as Record<string, Record<string, ExpectedArray>>)[name]!;
      for (const [key, value] of Object.entries(values)) expect(numeric(variables[key])).toEqual(value);
      expect(variables['utf16']).toMatchObject({ rows: ['Hanä'] });
      expect(numeric(variables['flag'])).toEqual({ dtype: 'bool', shape: [1, 3], data: [1, 0, 1] });
    },
  );

  it('of version 7.3 is for readMat, parseMat says so', () => {
    const header = new TextEncoder().encode('MATLAB 7.3 MAT-file, Platform: GLNXA64'.padEnd(600));
    expect(() => parseMat(header)).toThrow(/version 7\.3 \(HDF5\), which readMat reads/);
    expect(() => parseMat(new Uint8Array([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0, 0]))).toThrow(/7\.3/);
  });

  it('keeps what only MATLAB understands as unsupported and reads the rest', () => {
    const opaque = element(14, concat(element(6, int32(17, 0)), element(1, [0x67])));
    const { a: number } = parseMat(matOf(opaque, matrix(9, [1, 1], element(2, [5]))));
    expect(numeric(number).data).toEqual([5]);
    expect(parseMat(matOf(opaque))).toEqual({ g: { kind: 'unsupported', className: 'opaque object' } });
    expect(parseMat(matOf(matrix(16, [1, 1])))).toEqual({ a: { kind: 'unsupported', className: 'function handle' } });
  });

  it('reads sparse logicals, whose bytes MATLAB declares as doubles', () => {
    const parts = [element(5, int32(1, 0)), element(5, int32(0, 1, 2)), element(9, [1, 1])];
    const flags = element(6, int32(0x200 | 5, 2));
    const head = [flags, element(5, int32(2, 2)), element(1, [0x61])];
    const { a } = parseMat(matOf(element(14, concat(...head, ...parts))));
    expect(a).toMatchObject({ kind: 'sparse', dtype: 'bool', shape: [2, 2], data: Uint8Array.of(1, 1) });
  });

  it('gives blanks for texts without bytes, and keeps fields of one name apart', () => {
    expect(parseMat(matOf(matrix(4, [1, 2], element(16, []))))).toEqual({
      a: { kind: 'char', shape: [1, 2], rows: ['  '] },
    });
    const names = element(1, [0x78, 0, 0x78, 0]);
    const fields = [1, 2].map((value) => matrix(9, [1, 1], element(2, [value])));
    const { a } = parseMat(matOf(matrix(2, [1, 1], element(5, int32(2)), names, ...fields)));
    const [only] = (a as MatStruct).elements;
    expect(Object.keys(only!)).toEqual(['x', '_1_x']);
    expect([numeric(only!['x']).data, numeric(only!['_1_x']).data]).toEqual([[1], [2]]);
  });

  const deep = (depth: number): Uint8Array =>
    depth === 0 ? matrix(9, [1, 1], element(2, [5])) : matrix(1, [1, 1], deep(depth - 1));
  it.each([
    ['another file', new Uint8Array(200), /does not start like a MAT file of version 5/],
    [
      'fewer values than its shape',
      matOf(matrix(6, [2, 2], element(2, [1, 2, 3]))),
      /variable 'a' has 3 values, its shape asks for 4/,
    ],
    ['a negative dimension', matOf(matrix(6, [-1, 2], element(2, []))), /variable 'a' has the shape \[-1, 2\]/],
    [
      'an element beyond the end',
      matOf(new Uint8Array([14, 0, 0, 0, 255, 255, 255, 127])),
      /declared 2147483647 bytes long/,
    ],
    ['a million cells in no bytes', matOf(matrix(1, [1000, 1000])), /declares 1000000 arrays in 0 bytes/],
    [
      'a million structs without fields',
      matOf(matrix(2, [1000, 1000], element(5, int32(8)), element(1, []))),
      /1000000 structs/,
    ],
    ['arrays nested 40 deep', matOf(deep(40)), /nested more than 32 deep/],
    ['an unknown class', matOf(matrix(99, [1, 1])), /unknown array class 99/],
    [
      'sparse columns out of order',
      matOf(matrix(5, [2, 2], element(5, int32(0, 1)), element(5, int32(0, 2, 1)), element(2, [1, 1]))),
      /do not fit its shape/,
    ],
    [
      'a sparse row outside',
      matOf(matrix(5, [2, 2], element(5, int32(0, 2)), element(5, int32(0, 1, 2)), element(2, [1, 1]))),
      /outside its shape/,
    ],
    ['compressed data that is none', matOf(element(15, [1, 2, 3, 4, 5, 6, 7, 8])), /not zlib data/],
  ])('refuses a file with %s', (_, bytes, message) => {
    expect(() => parseMat(bytes)).toThrow(FileFormatError);
    expect(() => parseMat(bytes)).toThrow(message);
  });

  it('stops inflating at its limit', () => {
    const bomb = matOf(element(15, zlibSync(new Uint8Array(1 << 22))));
    expect(bomb.length).toBeLessThan(1 << 14);
    expect(() => parseMat(bomb, { maxBytes: 1 << 20 })).toThrow(/inflates to more than 1048576 bytes/);
  });

  it('sees a changed byte of compressed data by its checksum', () => {
    const data = zlibSync(matrix(9, [1, 1], element(2, [5])), { level: 0 });
    data[data.length - 5]! ^= 1;
    expect(() => parseMat(matOf(element(15, data)))).toThrow(/variable 0 does not match its checksum/);
  });
});
