import type { KeypointOrderLike } from './keypoint-order.js';
import { reorder } from './reorder.js';

/** Source: the hand part of COCO-WholeBody, as its evaluation uses them; panoptic order. */
// prettier-ignore
const PANOPTIC_SIGMAS: readonly number[] = [
  0.029, // wrist
  0.022, 0.035, 0.037, 0.047, // thumb
  0.026, 0.025, 0.024, 0.035, // index
  0.018, 0.024, 0.022, 0.026, // middle
  0.017, 0.021, 0.021, 0.032, // ring
  0.020, 0.019, 0.022, 0.031, // pinky
];

/**
 * Per-joint standard deviations of COCO-WholeBody's hands, for object keypoint similarity (OKS).
 *
 * @param order order wanted; default 'panoptic', in which they are published
 * @returns 21 numbers, as fractions of the object's scale
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * oksSigmas()[0]; // → 0.029
 */
export function oksSigmas(order: KeypointOrderLike = 'panoptic'): number[] {
  return reorder(PANOPTIC_SIGMAS, 'panoptic', order);
}
