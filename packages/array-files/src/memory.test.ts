import { parsePickle } from './pickle/read-pickle.js';
import { expectBounded, measureMemory } from './test-support/describe-memory.js';
import { greedyFiles, greedyHdf5 } from './test-support/greedy-files.js';
import { pyArray, pyDict, writePython2Pickle } from './testing/index.js';
import type { PlainArray } from './types.js';

/** The HDF5 library itself, loaded by the first file: its code, and its memory of at most 64 MiB more. */
const HDF5_LIBRARY = 80 << 20;

describe('the memory that a hostile file of half a mebibyte takes', () => {
  const files = greedyFiles(1 << 19);
  const readings = measureMemory(files);
  it.each(files.map((file, i) => ({ name: file.name, file, reading: readings[i]! })))(
    '$name takes no more than 16 times its bytes and 32 MiB',
    ({ file, reading }) => expectBounded(file, reading),
  );

  it('stays within that for HDF5 too, beside its library', async () => {
    const hdf5 = await greedyHdf5(2000);
    const taken = measureMemory(hdf5);
    hdf5.forEach((file, i) => expectBounded(file, taken[i]!, HDF5_LIBRARY));
  }, 300_000);
});

describe('an honest file of very many small objects', () => {
  it('is read: a list of a million numbers', () => {
    const batch = `(${Array.from({ length: 1000 }, (_, i) => `K${String.fromCharCode(i % 256)}`).join('')}e`;
    const list = parsePickle(Buffer.from(`\x80\x02]q\x01${batch.repeat(1000)}.`, 'latin1')) as number[];
    expect(list).toHaveLength(1_000_000);
    expect(list.slice(998, 1002)).toEqual([230, 231, 0, 1]);
  });

  it('is read: 40,000 samples by number, each with three arrays and a text', () => {
    const sample = (i: number) =>
      pyDict({
        uv_vis: pyArray({ shape: [1, 3], data: new Float64Array([i, 2, 1]) }),
        xyz: pyArray({ shape: [1, 3], data: new Float64Array([0.1, 0.2, i]) }),
        K: pyArray({ shape: [2], data: new Float32Array([617, i]) }),
        name: `${i}.png`,
      });
    const entries = Array.from({ length: 40_000 }, (_, i) => [i, sample(i)] as const);
    const samples = parsePickle(writePython2Pickle({ kind: 'dict', entries })) as Record<
      string,
      Record<string, PlainArray | string>
    >;
    expect(Object.keys(samples)).toHaveLength(40_000);
    expect(samples['39999']).toEqual({
      uv_vis: { dtype: 'float64', shape: [1, 3], data: new Float64Array([39_999, 2, 1]) },
      xyz: { dtype: 'float64', shape: [1, 3], data: new Float64Array([0.1, 0.2, 39_999]) },
      K: { dtype: 'float32', shape: [2], data: new Float32Array([617, 39_999]) },
      name: '39999.png',
    });
  });

  it('is read: 200,000 records of four entries, with texts and floats', () => {
    const keys = ['a', 'b', 'c', 'd'].map((key, i) => `U\x01${key}q${String.fromCharCode(i)}0`).join('');
    const record = '}q\x09(h\x00K\x01h\x01G?\xf1\x11\x11\x11\x11\x11\x11h\x02U\x03xyzh\x03]q\x09K\x05au';
    const pickle = `\x80\x02${keys}]q\x08${`(${record.repeat(1000)}e`.repeat(200)}.`;
    const records = parsePickle(Buffer.from(pickle, 'latin1')) as unknown[];
    expect(records).toHaveLength(200_000);
    expect(records.at(-1)).toEqual({ a: 1, b: 1.0666666666666667, c: 'xyz', d: [5] });
  });
});
