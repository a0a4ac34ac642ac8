import type { JointName } from './joint-name.js';
import { keypointOrder, type KeypointOrderLike } from './keypoint-order.js';
import type { KeypointOrder } from './orders.js';

/** The wrist and the palm centre stand at each other's place. */
const place = (joint: JointName): JointName => (joint === 'palm' ? 'wrist' : joint);

const indices = new WeakMap<KeypointOrder, ReadonlyMap<JointName, number>>();

function indicesOf(order: KeypointOrder): ReadonlyMap<JointName, number> {
  const known = indices.get(order) ?? new Map(order.joints.map((joint, i) => [place(joint), i]));
  indices.set(order, known);
  return known;
}

/**
 * Index of a joint in an order. 'wrist' and 'palm' both mean the one joint that is on no finger: where an order has
 * the palm centre, that is what stands at the index.
 *
 * @returns 0 … 20
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * jointIndex('panoptic', 'middle1'); // → 9
 * jointIndex('interhand', 'wrist'); // → 20
 */
export function jointIndex(order: KeypointOrderLike, joint: JointName): number {
  return indicesOf(keypointOrder(order)).get(place(joint)) ?? -1;
}
