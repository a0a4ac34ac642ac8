import { KEYPOINT_ORDERS, type KeypointOrderName } from './orders.js';
import { invertPermutation, permutation } from './permutation.js';

const ORDERS = Object.keys(KEYPOINT_ORDERS) as KeypointOrderName[];
const IDENTITY = Array.from({ length: 21 }, (_, i) => i);
const apply = (p: readonly number[], points: readonly number[]): number[] => p.map((index) => points[index]!);

/** Published or machine-checked elsewhere; none is derived from this package's names. */
// prettier-ignore
const TABLE: [from: string, to: string, indices: number[]][] = [
  ['3dhand', 'openpose', [0, 17, 18, 19, 20, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 9, 10, 11, 12]],
  ['openpose', '3dhand', [0, 5, 6, 7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 13, 14, 15, 16, 1, 2, 3, 4]],
  ['stb', 'openpose', [0, 17, 18, 19, 20, 13, 14, 15, 16, 9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4]],
  ['openpose', 'stb', [0, 17, 18, 19, 20, 13, 14, 15, 16, 9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4]],
  ['stb', '3dhand', [0, 13, 14, 15, 16, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 17, 18, 19, 20]],
  ['3dhand', 'stb', [0, 9, 10, 11, 12, 13, 14, 15, 16, 5, 6, 7, 8, 1, 2, 3, 4, 17, 18, 19, 20]],
  ['rhd', 'openpose', [0, 4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17]],
  ['openpose', 'rhd', [0, 4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17]],
  ['rhd', '3dhand', [0, 8, 7, 6, 5, 12, 11, 10, 9, 20, 19, 18, 17, 16, 15, 14, 13, 4, 3, 2, 1]],
  ['interhand', 'openpose', [20, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16]],
  ['openpose', 'interhand', [4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17, 0]],
  ['interhand', '3dhand', [20, 7, 6, 5, 4, 11, 10, 9, 8, 19, 18, 17, 16, 15, 14, 13, 12, 3, 2, 1, 0]],
  ['mano-raw', 'openpose', [0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20]],
  ['openpose', 'mano-raw', [0, 5, 6, 7, 9, 10, 11, 17, 18, 19, 13, 14, 15, 1, 2, 3, 4, 8, 12, 16, 20]],
  ['mano-raw', '3dhand', [0, 1, 2, 3, 17, 4, 5, 6, 18, 7, 8, 9, 20, 10, 11, 12, 19, 13, 14, 15, 16]],
];

describe('permutation', () => {
  it.each(TABLE)('%s to %s is the published table', (from, to, indices) => {
    expect(permutation(from, to)).toEqual(indices);
  });

  it.each([
    ['stb', [9, 13, 5, 1, 17]],
    ['panoptic', [17, 1, 5, 13, 9]],
  ])('%s to 3dhand moves finger blocks as the original program writes it', (from, targets) => {
    const moved = new Array<number>(21).fill(0);
    targets.forEach((target, block) => {
      for (let k = 0; k < 4; k++) moved[target + k] = 1 + 4 * block + k;
    });
    expect(permutation(from, '3dhand')).toEqual(moved);
  });

  it('inverts for every pair of orders', () => {
    for (const from of ORDERS) {
      for (const to of ORDERS) {
        const there = permutation(from, to);
        expect(apply(permutation(to, from), there)).toEqual(IDENTITY);
        expect(invertPermutation(there)).toEqual(permutation(to, from));
      }
    }
  });

  it('equals every detour over a third order', () => {
    const points = IDENTITY.map((i) => 100 + i * i);
    let checked = 0;
    for (const a of ORDERS) {
      for (const b of ORDERS) {
        for (const c of ORDERS) {
          const detour = apply(permutation(b, c), apply(permutation(a, b), points));
          expect(detour).toEqual(apply(permutation(a, c), points));
          checked++;
        }
      }
    }
    expect(checked).toBe(ORDERS.length ** 3);
  });

  it('is the identity from an order to itself and its aliases', () => {
    for (const { name, aliases } of Object.values(KEYPOINT_ORDERS)) {
      for (const alias of [name, ...aliases]) expect(permutation(name, alias)).toEqual(IDENTITY);
    }
  });

  it('gives a new array on every call', () => {
    permutation('mano', 'rhd')[0] = 99;
    expect(permutation('mano', 'rhd')[0]).toBe(0);
  });

  it('names an unknown order', () => {
    expect(() => permutation('mano', 'panoptik')).toThrow("did you mean 'panoptic'?");
  });
});

describe('invertPermutation', () => {
  it('refuses what is not a permutation', () => {
    expect(() => invertPermutation([0, 2, 2])).toThrow(
      'invertPermutation: expected each of 0 … 2 once, got 2 at index 2 a second time.',
    );
    expect(() => invertPermutation([0, 3])).toThrow('got 3 at index 1.');
    expect(() => invertPermutation([0.5, 1])).toThrow('got 0.5 at index 0.');
  });
});
