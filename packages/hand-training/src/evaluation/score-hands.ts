import {
  alignHands,
  areaUnderCurve,
  jointErrors,
  linspace,
  meanError,
  medianError,
  pckCurve,
  perFingerErrors,
  perHandErrors,
  rootAlignedMpjpe,
} from '@opposable/metrics';
import type { TrainingArrays } from '../data/training-arrays.js';
import type { HostHands } from './decode-to-host.js';

const KEYPOINTS = 21;

/** Fraction of keypoints within each threshold. */
export interface PckScores {
  readonly thresholds: readonly number[];
  readonly fractions: readonly number[];
  /** Area under the curve over the whole range, 0–1. */
  readonly auc: number;
}

/** Scores of the hands whose 2D keypoints are known. */
export interface Scores2d {
  /** pixels of the 256 frame */
  readonly meanPixels: number;
  readonly medianPixels: number;
  /** thresholds in pixels of the 256 frame */
  readonly pck: PckScores;
  /** [N] mean error of each hand, NaN where nothing is visible */
  readonly perHand: Float64Array;
  /** mean error per finger, 'root' for the wrist */
  readonly perFinger: Partial<Record<string, number>>;
}

/** Scores of the hands whose 3D keypoints are known. */
export interface Scores3d {
  /** mm, after similarity alignment without reflection */
  readonly paMpjpe: number;
  /** mm, wrist on wrist */
  readonly rootAlignedMpjpe: number;
  /** thresholds in mm, errors after similarity alignment */
  readonly pck: PckScores;
  /** [N] PA-MPJPE of each hand, NaN where the truth is not known */
  readonly perHand: Float64Array;
}

export interface HandScores {
  readonly count: number;
  readonly twoD: Scores2d;
  /** undefined where no sample has 3D keypoints */
  readonly threeD: Scores3d | undefined;
}

const PIXEL_THRESHOLDS = linspace(0, 50, 101);
const MILLIMETRE_THRESHOLDS = linspace(0, 50, 101);

function pck(errors: Float64Array, thresholds: readonly number[], mask: ArrayLike<number>): PckScores {
  const fractions = [...pckCurve(errors, thresholds, { mask })];
  return { thresholds, fractions, auc: areaUnderCurve(thresholds, fractions) };
}

/**
 * Errors of predicted hands in the 256-pixel frame and in millimetres.
 *
 * @param predicted keypoints in 'panoptic' order
 * @param truth the data set that they belong to, hand by hand
 */
export function scoreHands(predicted: HostHands, truth: TrainingArrays): HandScores {
  const pixelErrors = jointErrors(predicted.keypoints2d, truth.keypoints, { dimension: 2, mask: truth.visibility });
  const seen = { mask: truth.visibility };
  const twoD: Scores2d = {
    meanPixels: meanError(pixelErrors, seen),
    medianPixels: medianError(pixelErrors, seen),
    pck: pck(pixelErrors, PIXEL_THRESHOLDS, truth.visibility),
    perHand: perHandErrors(pixelErrors, seen),
    perFinger: perFingerErrors(pixelErrors, { order: 'panoptic', mask: truth.visibility }),
  };
  if (!truth.valid3d.includes(1)) return { count: truth.count, twoD, threeD: undefined };
  const known = Uint8Array.from(
    { length: truth.count * KEYPOINTS },
    (_, i) => truth.valid3d[Math.floor(i / KEYPOINTS)]!,
  );
  const mask = known;
  const aligned = alignHands(predicted.keypoints3d, truth.keypoints3d, { mask, reflection: 'forbid' });
  const errors = jointErrors(aligned, truth.keypoints3d, { mask });
  return {
    count: truth.count,
    twoD,
    threeD: {
      paMpjpe: meanError(errors, { mask }),
      rootAlignedMpjpe: rootAlignedMpjpe(predicted.keypoints3d, truth.keypoints3d, { mask }),
      pck: pck(errors, MILLIMETRE_THRESHOLDS, mask),
      perHand: perHandErrors(errors, { mask }),
    },
  };
}
