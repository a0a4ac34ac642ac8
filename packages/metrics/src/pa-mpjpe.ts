import { alignHands, type AlignHandsOptions } from './align-hands.js';
import { mpjpe } from './mpjpe.js';

/**
 * Mean per-joint position error after similarity alignment of each hand (PA-MPJPE, "reconstruction error").
 *
 * The alignment minimises the sum of squares, the error is the mean of distances; so an error may, rarely, be larger
 * after alignment than before.
 *
 * @param predicted flat `[B, jointCount, 3]`, any unit
 * @param target flat `[B, jointCount, 3]`
 * @param options jointCount (21), reflection ('forbid'), mask
 * @returns in the target's unit
 * @throws as `alignHands`
 *
 * @example
 * const hand = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
 * const turnedAndTwiceAsLarge = [5, 5, 5, 5, 7, 5, 3, 5, 5, 5, 5, 7];
 * Math.round(paMpjpe(turnedAndTwiceAsLarge, hand, { jointCount: 4 }) * 1e6); // → 0
 */
export function paMpjpe(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: AlignHandsOptions = {},
): number {
  return mpjpe(alignHands(predicted, target, options), target, { mask: options.mask });
}
