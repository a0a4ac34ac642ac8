import { readFileSync } from 'node:fs';
import { readHdf5 } from '../hdf5/read-hdf5.js';
import { parseMat } from '../mat/read-mat.js';
import { parseNpz } from '../numpy/read-npz.js';
import { writeNpz } from '../numpy/write-npz.js';
import { fixture } from '../test-support/fixtures.js';
import type { SparseMatrix } from '../types.js';
import { describeArrays, type Description } from './describe-arrays.js';
import { flattenArrays } from './flatten-arrays.js';

const hdf5 = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../hdf5/fixtures/${name}`, import.meta.url)));
const member = (description: Description, ...path: string[]): Description =>
  path.reduce((value, name) => value.members!.find((child) => child.name === name)!, description);

const sparse: SparseMatrix = {
  format: 'csc',
  dtype: 'float64',
  shape: [2, 3],
  data: Float64Array.of(4, -5),
  indices: Int32Array.of(1, 0),
  indptr: Int32Array.of(0, 1, 1, 2),
};

describe('describeArrays', () => {
  it('gives type, shape and range of numbers, and how many are not finite', () => {
    const data = Float32Array.of(3, NaN, -7, Infinity, 2.5, 0);
    expect(describeArrays({ dtype: 'float32', shape: [2, 3], data })).toEqual({
      kind: 'array',
      dtype: 'float32',
      shape: [2, 3],
      min: -7,
      max: 3,
      notFinite: 2,
    });
    expect(describeArrays({ dtype: 'int64', shape: [], data: BigInt64Array.of(2n ** 60n) })).toMatchObject({
      value: '1152921504606846976',
    });
    expect(describeArrays({ dtype: 'float64', shape: [0, 3], data: new Float64Array() })).toEqual({
      kind: 'array',
      dtype: 'float64',
      shape: [0, 3],
    });
    expect(describeArrays(sparse)).toMatchObject({ kind: 'sparse', what: 'csc', stored: 2, min: -5, max: 4 });
  });

  it('describes the variables of MAT files', () => {
    const description = describeArrays(parseMat(fixture('plain.mat')));
    expect(member(description, 'uint16')).toMatchObject({ dtype: 'uint16', shape: [2, 3], min: 0, max: 5 });
    expect(member(description, 'complex')).toEqual({
      name: 'complex',
      kind: 'array',
      dtype: 'complex128',
      shape: [2, 2],
    });
    expect(member(description, 'text')).toMatchObject({ kind: 'text', shape: [], value: 'Hand – größer' });
    expect(member(description, 'struct', 'inner', 'label')).toMatchObject({ kind: 'text', value: 'deep' });
    expect(member(description, 'persons')).toMatchObject({ kind: 'members', what: 'struct [1, 2]', count: 2 });
    expect(member(description, 'cell')).toMatchObject({ kind: 'members', what: 'cell [2, 2]', count: 4 });
  });

  it('describes HDF5 with its attributes, links and what is not read', async () => {
    const description = describeArrays(await readHdf5(hdf5('latest.h5')));
    expect(member(description, 'arrays')).toMatchObject({ kind: 'members', what: 'group', count: 17 });
    expect(member(description, 'arrays', '@unit')).toMatchObject({ kind: 'text', value: 'metres' });
    expect(member(description, 'arrays', 'f8', '@frame')).toMatchObject({ kind: 'text', value: 'camera' });
    expect(member(description, 'links', 'external')).toMatchObject({ what: 'link to /x in /etc/passwd' });
    expect(member(description, 'compound')).toMatchObject({
      kind: 'unsupported',
      what: 'compound of id: int32, x: float64',
    });
  });

  it('shortens texts and long lists, and stops at what holds itself', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    const value = { long: 'x'.repeat(500), many: Array.from({ length: 50 }, (_, i) => String(i)), loop };
    const description = describeArrays(value, { maxMembers: 3, maxText: 10 });
    expect(member(description, 'long').value).toBe(`${'x'.repeat(10)}…`);
    expect(member(description, 'many')).toMatchObject({ count: 50 });
    expect(member(description, 'many').members).toHaveLength(3);
    expect(member(description, 'loop', '0')).toMatchObject({ kind: 'unsupported', what: 'a value that holds itself' });
    expect(() => JSON.stringify(description)).not.toThrow();
  });

  it('ends in little time where every value is named many times', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 25; depth++) value = [value, value];
    expect(JSON.stringify(describeArrays(value)).length).toBeLessThan(1e7);
  }, 60_000);
});

describe('flattenArrays', () => {
  it('joins the names of groups with dots and leaves the arrays as they are', () => {
    const weight = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const;
    const { arrays, texts, left } = flattenArrays({ net: { weight, steps: 3, rate: 0.5, on: true }, name: 'hand' });
    expect(arrays['net.weight']).toEqual(weight);
    expect(arrays['net.weight']!.data).toBe(weight.data);
    expect(arrays['net.steps']).toEqual({ dtype: 'int64', shape: [], data: BigInt64Array.of(3n) });
    expect(arrays['net.rate']).toEqual({ dtype: 'float64', shape: [], data: Float64Array.of(0.5) });
    expect(arrays['net.on']).toEqual({ dtype: 'bool', shape: [], data: Uint8Array.of(1) });
    expect(texts).toEqual({ name: { dtype: 'text', shape: [], data: ['hand'] } });
    expect(left).toEqual([]);
  });

  it('makes sparse matrices dense and joins imaginary parts, and says so', () => {
    const { arrays, madeDense } = flattenArrays({ sparse, ...parseMat(fixture('plain.mat')) });
    expect(madeDense).toEqual(['sparse']);
    expect(arrays['sparse']!.shape).toEqual([3, 4]); // the variable of that name in the MAT file
    expect(flattenArrays({ sparse }).arrays['sparse']).toEqual({
      dtype: 'float64',
      shape: [2, 3],
      data: Float64Array.of(0, 0, -5, 4, 0, 0),
    });
    expect(arrays['complex']).toEqual({
      dtype: 'complex128',
      shape: [2, 2],
      data: Float64Array.of(1, 2, 3, 0, 0, 0, -0, -1),
    });
  });

  it('names everything that is neither numbers nor text', async () => {
    const { arrays, texts, left } = flattenArrays(await readHdf5(hdf5('latest.h5')));
    expect(left.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['compound', 'ragged', 'opaque', 'nothing', 'links.broken', 'links.external']),
    );
    expect(left).toContainEqual({ name: 'opaque', what: 'opaque bytes' });
    expect(arrays['arrays.i8']).toMatchObject({ dtype: 'int64', shape: [2] });
    expect(texts['arrays.f8.@frame']!.data).toEqual(['camera']);
    expect(flattenArrays({ a: { b: 1 }, 'a.b': null, c: undefined }).left).toEqual([
      { name: 'a.b', what: 'a second value of this name' },
      { name: 'c', what: 'nothing (null)' },
    ]);
  });

  it('gives a single array the name it is told', () => {
    const array = { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) } as const;
    expect(flattenArrays(array, 'pose').arrays).toEqual({ pose: array });
  });
});

describe('writeNpz', () => {
  it('writes texts as numpy does', () => {
    const texts = { dtype: 'text', shape: [2, 1], data: ['größer', '𝄞'] } as const;
    const none = { dtype: 'text', shape: [0], data: [] } as const;
    const read = parseNpz(writeNpz({ texts, none }), { dtypes: 'all' });
    expect(read).toEqual({ texts, none });
  });
});
