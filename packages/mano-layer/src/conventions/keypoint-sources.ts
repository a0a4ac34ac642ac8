import { jointIndex, type JointName, keypointOrder, type KeypointOrderLike } from '@opposable/keypoint-order';

/** Place of the palm centre behind the 16 joints and five fingertips. */
export const PALM_SOURCE = 21;

/** Of orders by name; asked for once a hand. */
const known = new Map<string, readonly number[]>();

/**
 * Where each keypoint of an order comes from, counted in: the model's 16 joints (0–15), the fingertips thumb, index,
 * middle, ring, pinky (16–20), the palm centre (21).
 *
 * @param order name, alias or order; where it has a palm centre instead of the wrist, that is the mean of the palm vertices
 * @returns 21 places
 * @throws KeypointOrderError for an unknown order
 */
export function keypointSources(order: KeypointOrderLike): number[] {
  const found = typeof order === 'string' ? known.get(order) : undefined;
  const sources = found ?? keypointOrder(order).joints.map(jointSource);
  if (typeof order === 'string') known.set(order, sources);
  return [...sources];
}

/** The place of one joint, counted as in {@link keypointSources}. */
export function jointSource(joint: JointName): number {
  return joint === 'palm' ? PALM_SOURCE : jointIndex('mano-raw', joint);
}
