import { readFileSync } from 'node:fs';
import { FileFormatError } from '@opposable/tensor-checks';
import { describeArray, type ExpectedArray } from '../test-support/fixtures.js';
import { parseMat, readMat } from './read-mat.js';
import type { MatCell, MatChar, MatNumeric, MatSparse, MatStruct, MatValue } from './types.js';

const folder = new URL('../hdf5/fixtures/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as {
  readonly mat: Record<string, ExpectedArray>;
};
const numeric = (value: MatValue | undefined): ExpectedArray => {
  expect(value).toMatchObject({ kind: 'numeric', order: 'row-major' });
  return describeArray(value as MatNumeric);
};
const keys = Object.keys(expected.mat).filter((key) => key !== 'complex');

describe.each(['matlab.mat', 'hdf5storage.mat'])('readMat of version 7.3 in %s', (name) => {
  let variables: Record<string, MatValue>;
  beforeAll(async () => {
    variables = await readMat(fixture(name));
  });

  it.each(keys)('reads the numeric variable %s with its dimensions in order', (key) => {
    expect(numeric(variables[key])).toEqual(expected.mat[key]);
  });

  it('reads complex numbers as two parts', () => {
    const { dtype, shape, data, imaginary } = variables['complex'] as MatNumeric;
    expect([dtype, shape, [...data], [...imaginary!]]).toEqual(['float64', [2, 2], [1, 3, 0, -0], [2, 0, 0, -1]]);
  });

  it('reads cells in row-major order', () => {
    const { shape, cells } = variables['cell'] as MatCell;
    expect(shape).toEqual([2, 2]);
    expect(numeric(cells[0])).toEqual({ dtype: 'float64', shape: [1, 2], data: [1, 2] });
    expect((cells[1] as MatChar).rows).toEqual(['text']);
    expect(numeric(cells[2])).toEqual({ dtype: 'float64', shape: [0, 0], data: [] });
    expect(numeric(cells[3])).toEqual({ dtype: 'int8', shape: [1, 1], data: [7] });
  });

  it('reads nested structs', () => {
    const [{ radius, inner }] = (variables['struct'] as MatStruct).elements as [Record<string, MatValue>];
    expect(numeric(radius).data).toEqual([2]);
    const [{ label }] = (inner as MatStruct).elements as [Record<string, MatValue>];
    expect((label as MatChar).rows).toEqual(['deep']);
  });
});

describe('readMat of version 7.3', () => {
  let variables: Record<string, MatValue>;
  beforeAll(async () => {
    variables = await readMat(fixture('matlab.mat'));
  });

  it('reads texts row by row, arrays of structs and their fields in order', () => {
    expect(variables['text']).toEqual({ kind: 'char', shape: [1, 5], rows: ['Handä'] });
    expect(variables['lines']).toEqual({ kind: 'char', shape: [2, 3], rows: ['abc', 'de '] });
    const persons = variables['persons'] as MatStruct;
    expect(persons.shape).toEqual([1, 2]);
    expect(persons.elements.map((person) => (person['name'] as MatChar).rows[0])).toEqual(['Ada', 'Émile']);
    expect(persons.elements.map((person) => numeric(person['age']).data[0])).toEqual([36, 4]);
    expect(Object.keys(persons.elements[0]!)).toEqual(['name', 'age']);
  });

  it('reads sparse matrices as compressed columns, also one without values', () => {
    const { format, dtype, shape, data, indices, indptr } = variables['sparse'] as MatSparse;
    expect([format, dtype, shape, [...data]]).toEqual(['csc', 'float64', [3, 4], [2, 1.5, 4, -3]]);
    expect([[...indices], [...indptr]]).toEqual([
      [1, 0, 2, 1],
      [0, 1, 3, 3, 4],
    ]);
    expect(variables['zeros']).toMatchObject({ kind: 'sparse', dtype: 'bool', shape: [2, 3], data: new Uint8Array() });
  });

  it('reads compressed chunks and arrays without elements', () => {
    expect(numeric(variables['packed'])).toEqual({
      dtype: 'float64',
      shape: [20, 30],
      data: Array.from({ length: 600 }, (_, i) => i),
    });
    expect(numeric(variables['none'])).toEqual({ dtype: 'float64', shape: [0, 0], data: [] });
    expect(variables['noText']).toEqual({ kind: 'char', shape: [0, 0], rows: [] });
    expect(variables['noCell']).toMatchObject({ kind: 'cell', shape: [0, 3], cells: [] });
  });

  it('keeps what only MATLAB understands as unsupported and leaves its own groups out', () => {
    expect(variables['handle']).toEqual({ kind: 'unsupported', className: 'function_handle' });
    expect(variables['label']).toEqual({ kind: 'unsupported', className: 'string' });
    expect(Object.keys(variables).filter((name) => name.startsWith('#'))).toEqual([]);
  });

  it('refuses HDF5 that MATLAB did not write, and says what reads it', async () => {
    const foreign = new Uint8Array(readFileSync(new URL('small.h5', folder)));
    await expect(readMat(foreign)).rejects.toThrow(FileFormatError);
    await expect(readMat(foreign)).rejects.toThrow(
      "readMat: variable 'a' has no attribute MATLAB_class: MATLAB did not write this file, readHdf5 reads it.",
    );
  });

  it('is not read by parseMat, which says so', () => {
    expect(() => parseMat(fixture('matlab.mat'))).toThrow(
      /version 7\.3 \(HDF5\), which readMat reads, parseMat does not/,
    );
  });
});
