import { FINGER_LEVELS, FINGER_NAMES, fingerJoint, type FingerLevel, type FingerName } from './joint-name.js';
import { jointIndex } from './joint-index.js';
import { keypointOrder, type KeypointOrderLike } from './keypoint-order.js';

/** Indices of the joints of each finger, from base to tip, and of the wrist or palm centre. */
export interface FingerGroups extends Readonly<Record<FingerName, readonly number[]>> {
  /** The wrist; in 'stereo' the palm centre. */
  readonly root: number;
}

const level = (order: KeypointOrderLike, at: FingerLevel): number[] => {
  const { joints } = keypointOrder(order);
  return FINGER_NAMES.map((finger) => joints.indexOf(fingerJoint(finger, at)));
};

/**
 * Indices of an order by finger.
 *
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * fingerGroups('interhand').thumb; // → [3, 2, 1, 0]
 * fingerGroups('interhand').root; // → 20
 */
export function fingerGroups(order: KeypointOrderLike): FingerGroups {
  const { joints } = keypointOrder(order);
  const indices = (finger: FingerName): number[] => FINGER_LEVELS.map((at) => joints.indexOf(fingerJoint(finger, at)));
  return {
    root: jointIndex(order, 'wrist'),
    thumb: indices('thumb'),
    index: indices('index'),
    middle: indices('middle'),
    ring: indices('ring'),
    pinky: indices('pinky'),
  };
}

/**
 * Indices of the five fingertips, thumb to pinky.
 *
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * fingertips('panoptic'); // → [4, 8, 12, 16, 20]
 */
export function fingertips(order: KeypointOrderLike): number[] {
  return level(order, 4);
}

/**
 * Indices of the five joints where fingers meet the palm (thumb CMC, other MCP), thumb to pinky.
 *
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * knuckles('panoptic'); // → [1, 5, 9, 13, 17]
 */
export function knuckles(order: KeypointOrderLike): number[] {
  return level(order, 1);
}
