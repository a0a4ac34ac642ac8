import {
  areaUnderCurve,
  jointErrors,
  linspace,
  pckCurve,
  perFingerErrors,
  perHandErrors,
  perJointErrors,
} from '@opposable/metrics';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import type { TrainingArrays } from '../data/training-arrays.js';
import type { PredictedKeypoints } from './predict-maps.js';

/** Sizes whose pixels the mean is given in: the maps' of the tutorial, FreiHAND's images. */
const SIZES = [128, 224] as const;
const PERCENTILES = [10, 25, 50, 75, 90, 95, 99] as const;

export interface KeypointScores {
  /** Hands with at least one labelled keypoint. */
  readonly count: number;
  /** Mean over hands of the mean distance of a hand's labelled keypoints, in parts of the image's side: 0.045 is 4.5 %. */
  readonly meanOfImage: number;
  /** The same in pixels of images of these sides. */
  readonly meanPixels: Readonly<Record<(typeof SIZES)[number], number>>;
  /** Percentiles of the single keypoints' errors, in parts of the image's side. */
  readonly percentiles: Readonly<Record<number, number>>;
  /** In parts of the image's side. */
  readonly perJoint: Partial<Record<string, number>>;
  readonly perFinger: Partial<Record<string, number>>;
  /** [N] NaN for a hand without labelled keypoints */
  readonly perHand: Float64Array;
  /** Share of keypoints within each part of the image's side. */
  readonly pck: { readonly thresholds: readonly number[]; readonly fractions: readonly number[]; readonly auc: number };
  /** Mean height of the peaks, over labelled keypoints. */
  readonly meanConfidence: number;
}

function percentile(sorted: Float64Array, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
}

/** Errors of keypoints in the 256 frame, as parts of the image's side. */
export function scoreKeypoints({ keypoints, confidence }: PredictedKeypoints, truth: TrainingArrays): KeypointScores {
  const mask = truth.visibility;
  const errors = jointErrors(keypoints, truth.keypoints, { dimension: 2, mask }).map((e) => e / HAND_PARAMETER_FRAME);
  const perHand = perHandErrors(errors, { mask });
  const hands = perHand.filter(Number.isFinite);
  const meanOfImage = hands.reduce((sum, error) => sum + error, 0) / hands.length;
  const sorted = errors.filter(Number.isFinite).sort();
  const thresholds = linspace(0, 0.2, 101);
  const fractions = [...pckCurve(errors, thresholds, { mask })];
  let [peaks, labelled] = [0, 0];
  confidence.forEach((peak, i) => {
    if (!(mask[i]! > 0)) return;
    peaks += peak;
    labelled++;
  });
  return {
    count: hands.length,
    meanOfImage,
    meanPixels: Object.fromEntries(SIZES.map((size) => [size, meanOfImage * size])) as KeypointScores['meanPixels'],
    percentiles: Object.fromEntries(PERCENTILES.map((percent) => [percent, percentile(sorted, percent)])),
    perJoint: perJointErrors(errors, { mask }),
    perFinger: perFingerErrors(errors, { mask }),
    perHand,
    pck: { thresholds, fractions, auc: areaUnderCurve(thresholds, fractions) },
    meanConfidence: peaks / labelled,
  };
}
