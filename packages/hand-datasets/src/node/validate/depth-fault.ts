import type { DepthMap, HandAnnotation } from '../../types.js';

/** A fault of a sample: its kind, and what was found. */
export type Fault = readonly [kind: string, message: string];

/** The surface at a keypoint that is seen lies in front of it by no more than the flesh of a palm, in millimetres. */
const MOST = 60;

/**
 * Whether a depth map fits the keypoints that are seen: at half of them at least its surface must lie within 60 mm.
 *
 * @returns one fault at most; none where there is nothing to compare
 */
export function depthFault(
  { width, height, data, offset }: DepthMap,
  { keypoints, keypoints3d, keypoints3dValid, visibility }: HandAnnotation,
  name: string,
): Fault[] {
  if (keypoints3d === undefined) return [];
  let [compared, near] = [0, 0];
  for (let k = 0; k < visibility.length; k++) {
    const column = Math.round(keypoints[2 * k]!);
    const row = Math.round(keypoints[2 * k + 1]!);
    const inside = column >= 0 && column < width && row >= 0 && row < height;
    if (visibility[k] !== 2 || keypoints3dValid?.[k] === 0 || !inside) continue;
    compared++;
    const value = data[row * width + column]!;
    if (value > 0 && Math.abs(offset + value / 10 - keypoints3d[3 * k + 2]!) <= MOST) near++;
  }
  return near >= compared / 2
    ? []
    : [['depth', `${name}: only ${near} of ${compared} keypoints that are seen lie within ${MOST} mm of its surface`]];
}
