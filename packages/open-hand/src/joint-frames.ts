import type { Side } from '@opposable/mano-layer/conventions';
import { readAsset } from './read-asset.js';

/** The anatomical axes of joints 1–15 in the flat hand and how far people turn about them. */
export interface HandJointFrames {
  /**
   * [15, 3, 3] per joint three unit axes: flexion, swing (the dorsal normal) and twist (the bone, towards the tip). A
   * positive angle bends towards the palm, swings towards the thumb (the thumb's base: out of the plane of the palm), and
   * turns right-handed about the bone (right hand; the left hand mirrors all three).
   */
  readonly axes: Float32Array;
  /** [15, 3, 2] radians, smallest and largest angle about each axis within the active range of motion. */
  readonly limits: Float32Array;
}

/**
 * Anatomical axes and limits of the open hand's joints 1–15 (raw MANO order: index, middle, pinky, ring, thumb).
 *
 * @param side 'right' or 'left'
 * @returns axes [15, 3, 3] and limits [15, 3, 2] in radians, fresh arrays
 */
export function openHandJointFrames(side: Side): HandJointFrames {
  const asset = readAsset();
  const axes = asset.jointAxes.slice();
  // Axes of rotation reflect as axial vectors: in x = 0 they keep x and lose the sign of y and z.
  if (side === 'left') axes.forEach((x, i) => (axes[i] = i % 3 === 0 ? x : -x));
  return { axes, limits: asset.jointLimits.slice() };
}
