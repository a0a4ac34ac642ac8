import { ConfigError } from '@opposable/tensor-checks';
import ndarray from 'ndarray';
import { parseNpy } from '../numpy/read-npy.js';
import { writeNpy } from '../numpy/write-npy.js';
import { fixture } from '../test-support/fixtures.js';
import { type AnyNdarray, fromNdarray } from './from-ndarray.js';
import { toNdarray } from './to-ndarray.js';

describe('toNdarray and fromNdarray', () => {
  it('put an array of a file behind get and set, over the same memory', () => {
    const array = parseNpy(fixture('f4-fortran.npy'));
    const view = toNdarray(array);
    expect(view.shape).toEqual([3, 4, 2]);
    expect(view.get(2, 1, 1)).toBe(array.data[2 * 8 + 1 * 2 + 1]);
    view.set(0, 0, 0, 42);
    expect(array.data[0]).toBe(42);
    expect(fromNdarray(view)).toEqual(array);
  });

  it('gives complex numbers a last axis of real and imaginary part', () => {
    const array = parseNpy(fixture('c16.npy'));
    const view = toNdarray(array);
    expect(view.shape).toEqual([...array.shape, 2]);
    expect([view.get(0, 0, 0), view.get(0, 0, 1)]).toEqual([1, 2]);
  });

  it('keep scalars, empty arrays and 64-bit integers', () => {
    for (const name of ['scalar.npy', 'empty.npy', 'i8.npy']) {
      const array = parseNpy(fixture(name));
      expect(fromNdarray(toNdarray(array))).toEqual(array);
    }
  });

  it('gather every strided view in row-major order', () => {
    const data = Int16Array.from({ length: 24 }, (_, i) => i);
    const cube = ndarray(data, [2, 3, 4]);
    const view = cube.transpose(2, 0, 1).hi(3, 2, 3).lo(1, 0, 1).step(-1, 1, 2);
    const wanted: number[] = [];
    const [a = 0, b = 0, c = 0] = view.shape;
    for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) wanted.push(view.get(i, j, k));
    const array = fromNdarray(view);
    expect(array.shape).toEqual([2, 2, 1]);
    expect([...(array.data as Int16Array)]).toEqual(wanted);
    expect(parseNpy(writeNpy(array))).toEqual(array);
  });

  it('read ordinary arrays of numbers as float64, and refuse other storage', () => {
    expect(fromNdarray(ndarray([1, 2, 3, 4], [2, 2]))).toEqual({
      dtype: 'float64',
      shape: [2, 2],
      data: new Float64Array([1, 2, 3, 4]),
    });
    const lazy = ndarray({ get: () => 0, set: () => 0, length: 1 }, [1]) as unknown as AnyNdarray;
    expect(() => fromNdarray(lazy)).toThrow(ConfigError);
    expect(() => fromNdarray(lazy)).toThrow(/over a typed array or numbers, got Object/);
  });
});
