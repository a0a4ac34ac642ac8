import type { JointName } from './joint-name.js';
import { keypointOrder, type KeypointOrderLike } from './keypoint-order.js';

/**
 * Canonical joint names of an order, one per index.
 *
 * @returns 21 names, frozen
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * names('stereo').slice(0, 3); // → ['palm', 'pinky1', 'pinky2']
 */
export function names(order: KeypointOrderLike): readonly JointName[] {
  return keypointOrder(order).joints;
}
