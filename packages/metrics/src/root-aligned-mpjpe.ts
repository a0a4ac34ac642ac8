import { alignRoot, type AlignRootOptions } from './align-root.js';
import { mpjpe } from './mpjpe.js';

/**
 * Mean per-joint position error after each hand's root has been brought into agreement. The root, whose error is then
 * zero, is counted.
 *
 * @param predicted flat `[B, jointCount, 3]`, any unit
 * @param target flat `[B, jointCount, 3]`, same unit
 * @param options jointCount (21), root ('wrist'), order ('panoptic'), mask
 * @returns in the unit of the input
 * @throws as `alignRoot`
 *
 * @example
 * rootAlignedMpjpe([0, 0, 0, 1, 0, 0], [5, 5, 5, 9, 9, 5], { jointCount: 2, root: 0 }); // → 2.5
 */
export function rootAlignedMpjpe(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: AlignRootOptions = {},
): number {
  return mpjpe(alignRoot(predicted, target, options), target, { mask: options.mask });
}
