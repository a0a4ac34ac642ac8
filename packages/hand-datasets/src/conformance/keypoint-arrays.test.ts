import { keypointArrays } from './keypoint-arrays.js';

const list = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const array = (...shape: number[]) => ({
  dtype: 'float64',
  shape,
  data: Float64Array.from(list(shape.reduce((a, b) => a * b, 1))),
});
const found = (contents: unknown) =>
  keypointArrays(contents).map(({ path, dimension, hands, points }) => [path, dimension, hands, points.length]);

describe('keypointArrays', () => {
  it('finds hands of every shape, and nothing else', () => {
    expect(found(array(5, 21, 3))).toEqual([['', 3, 5, 315]]);
    expect(found({ a: array(21, 2), b: array(1, 21, 3), c: array(7, 42), d: array(63), e: array(16, 3) })).toEqual([
      ['a', 2, 1, 42],
      ['b', 3, 1, 63],
      ['c', 2, 7, 294],
      ['d', 3, 1, 63],
    ]);
    expect(found({ K: array(3, 3), verts: array(778, 3), text: 'x', none: null, flags: new Uint8Array(63) })).toEqual(
      [],
    );
  });

  it('puts the hands of lists and numbered records together', () => {
    expect(found({ annotations: [{ keypoints: list(63) }, { keypoints: list(63) }] })).toEqual([
      ['annotations.*.keypoints', 3, 2, 126],
    ]);
    expect(found({ 0: { xyz: array(42, 3) }, 1: { xyz: array(42, 3) } })).toEqual([['*.xyz', 3, 4, 252]]);
    expect(found([list(42), list(42)])).toEqual([['', 2, 2, 84]]);
  });

  it('turns the columns of [3, 21, N] into rows', () => {
    const [{ points, hands }] = keypointArrays({ handPara: { kind: 'numeric', ...array(3, 21, 4) } }) as [never];
    expect(hands).toBe(4);
    // hand 1, joint 2, z: (2 · 21 + 2) · 4 + 1
    expect((points as Float64Array)[63 + 2 * 3 + 2]).toBe(177);
  });
});
