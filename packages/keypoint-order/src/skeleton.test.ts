import { fingerGroups, fingertips, knuckles } from './finger-groups.js';
import { jointIndex } from './joint-index.js';
import { names } from './names.js';
import { KEYPOINT_ORDERS } from './orders.js';
import { parents, skeleton } from './skeleton.js';

const ORDERS = Object.keys(KEYPOINT_ORDERS);
const NAMED_BONES = ['thumb', 'index', 'middle', 'ring', 'pinky'].flatMap((finger) => [
  ['root', `${finger}1`],
  [`${finger}1`, `${finger}2`],
  [`${finger}2`, `${finger}3`],
  [`${finger}3`, `${finger}4`],
]);

describe.each(ORDERS)('the skeleton of %s', (order) => {
  const nameAt = (index: number): string => names(order)[index]!.replace(/^(wrist|palm)$/, 'root');

  it('connects the same joints, bone by bone', () => {
    expect(skeleton(order).map((bone) => bone.map(nameAt))).toEqual(NAMED_BONES);
  });

  it('is a tree in which every joint reaches the root', () => {
    const parent = parents(order);
    expect(parent).toHaveLength(21);
    expect(parent.filter((p) => p === -1)).toHaveLength(1);
    expect(parent[jointIndex(order, 'wrist')]).toBe(-1);
    for (let joint = 0; joint < 21; joint++) {
      let steps = 0;
      for (let at = joint; parent[at] !== -1; at = parent[at]!) steps++;
      const digit = names(order)[joint]!.at(-1)!;
      expect(steps).toBe(/\d/.test(digit) ? Number(digit) : 0);
    }
  });

  it('has groups that hold every index once', () => {
    const groups = fingerGroups(order);
    const { root, thumb, index, middle, ring, pinky } = groups;
    expect([root, ...thumb, ...index, ...middle, ...ring, ...pinky].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 21 }, (_, i) => i),
    );
    expect(groups.pinky.map(nameAt)).toEqual(['pinky1', 'pinky2', 'pinky3', 'pinky4']);
    expect(fingertips(order).map(nameAt)).toEqual(['thumb4', 'index4', 'middle4', 'ring4', 'pinky4']);
    expect(knuckles(order).map(nameAt)).toEqual(['thumb1', 'index1', 'middle1', 'ring1', 'pinky1']);
  });
});

describe('skeleton', () => {
  it('is the well-known list in the order of OpenPose', () => {
    // prettier-ignore
    expect(skeleton('openpose')).toEqual([
      [0, 1], [1, 2], [2, 3], [3, 4], [0, 5], [5, 6], [6, 7], [7, 8], [0, 9], [9, 10],
      [10, 11], [11, 12], [0, 13], [13, 14], [14, 15], [15, 16], [0, 17], [17, 18], [18, 19], [19, 20],
    ]);
  });

  it('agrees with the parents of the MANO kinematic tree on its 16 joints', () => {
    expect(parents('mano-raw').slice(0, 16)).toEqual([-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14]);
  });
});
