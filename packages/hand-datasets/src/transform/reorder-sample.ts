import { keypointOrder, reorder } from '@opposable/keypoint-order';
import type { HandAnnotation } from '../types.js';

/**
 * Puts the keypoints of a sample or an annotation into another order: 2D, 3D, visibility and validity alike.
 *
 * @param sample the hand, in its `keypointOrder`
 * @param to name or alias of an order of `@opposable/keypoint-order`
 * @returns a new sample whose `keypointOrder` is the canonical name; pixels are shared
 * @throws KeypointOrderError for an unknown order
 */
export function reorderSample<T extends HandAnnotation>(sample: T, to: string): T {
  const { keypointOrder: from, keypoints, visibility, keypoints3d, keypoints3dValid } = sample;
  return {
    ...sample,
    keypointOrder: keypointOrder(to).name,
    keypoints: reorder(keypoints, from, to),
    visibility: reorder(visibility, from, to),
    keypoints3d: keypoints3d && reorder(keypoints3d, from, to),
    keypoints3dValid: keypoints3dValid && reorder(keypoints3dValid, from, to),
  };
}
