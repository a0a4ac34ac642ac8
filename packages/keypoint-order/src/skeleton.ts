import { FINGER_LEVELS, FINGER_NAMES, fingerJoint } from './joint-name.js';
import { jointIndex } from './joint-index.js';
import { keypointOrder, type KeypointOrderLike } from './keypoint-order.js';

/** A bone as the indices of its two joints, the one nearer the wrist first. */
export type Bone = readonly [parent: number, child: number];

/**
 * The 20 bones of a hand: wrist (or palm centre) to the first joint of each finger, then along the finger.
 *
 * Bones stand thumb to pinky and from the wrist outwards in every order, so bone `4·f + k` is the same bone whatever
 * the order, and belongs to finger `FINGER_NAMES[f]`.
 *
 * @returns 20 pairs of indices
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * skeleton('panoptic').slice(0, 5); // → [[0, 1], [1, 2], [2, 3], [3, 4], [0, 5]]
 */
export function skeleton(order: KeypointOrderLike): Bone[] {
  const { joints } = keypointOrder(order);
  const root = jointIndex(order, 'wrist');
  return FINGER_NAMES.flatMap((finger) =>
    FINGER_LEVELS.map((level): Bone => {
      const parent = level === 1 ? root : joints.indexOf(fingerJoint(finger, (level - 1) as 1 | 2 | 3));
      return [parent, joints.indexOf(fingerJoint(finger, level))];
    }),
  );
}

/**
 * Parent of each joint in the skeleton, −1 for the wrist (or palm centre). A parent may stand after its child, as in
 * the orders that go from tip to base.
 *
 * @returns 21 indices
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * parents('mano-raw').slice(0, 5); // → [-1, 0, 1, 2, 0]
 */
export function parents(order: KeypointOrderLike): number[] {
  const result = new Array<number>(21).fill(-1);
  for (const [parent, child] of skeleton(order)) result[child] = parent;
  return result;
}
