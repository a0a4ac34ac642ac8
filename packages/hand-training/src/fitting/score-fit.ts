import { alignHands, alignRoot, jointErrors, medianError, perHandErrors } from '@opposable/metrics';
import type { FitTargets, FittedHands } from './types.js';

/** Errors of N hands: each, and over all of them. */
export interface ErrorSummary {
  /** [N] mean over the keypoints of each hand */
  readonly perHand: readonly number[];
  /** Mean of the hands that have an error. */
  readonly mean: number;
  readonly median: number;
  readonly worst: number;
}

export interface FitScores {
  /** mm, after similarity alignment without reflection */
  readonly paMpjpe: ErrorSummary;
  /** mm, wrist on wrist, the wrist counted */
  readonly rootAlignedMpjpe: ErrorSummary;
  /** pixels of the image, over visible keypoints; NaN for a hand without any */
  readonly pixels: ErrorSummary;
}

function summarize(perHand: Float64Array): ErrorSummary {
  const known = perHand.filter((error) => !Number.isNaN(error));
  return {
    perHand: [...perHand],
    mean: known.reduce((sum, error) => sum + error, 0) / known.length,
    median: medianError(known),
    worst: Math.max(...known),
  };
}

/**
 * How near fitted hands came to what they were fitted to.
 *
 * @throws OpposableError if no keypoint is visible in any hand
 */
export function scoreFit(fitted: FittedHands, targets: FitTargets): FitScores {
  const { keypoints3d, keypoints2d } = fitted;
  const mask = targets.visibility;
  const handErrors = (predicted: ArrayLike<number>) =>
    summarize(perHandErrors(jointErrors(predicted, targets.keypoints3d)));
  return {
    paMpjpe: handErrors(alignHands(keypoints3d, targets.keypoints3d, { reflection: 'forbid' })),
    rootAlignedMpjpe: handErrors(alignRoot(keypoints3d, targets.keypoints3d, { root: 'wrist', order: 'panoptic' })),
    pixels: summarize(perHandErrors(jointErrors(keypoints2d, targets.keypoints, { dimension: 2, mask }), { mask })),
  };
}
