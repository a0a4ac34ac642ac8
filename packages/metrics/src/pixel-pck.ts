import { areaUnderCurve } from './area-under-curve.js';
import { jointErrors } from './joint-errors.js';
import { pckCurve } from './pck-curve.js';
import type { ValidityMask } from './points-input.js';
import { linspace } from './thresholds.js';

export interface PixelPck {
  /** 0, 1, … 30 px */
  readonly thresholds: readonly number[];
  readonly pck: Float64Array;
  /** Area under the curve from 0 to 30 px, in 0 … 1. */
  readonly auc0to30: number;
  readonly pckAt20: number;
  readonly pckAt30: number;
}

/**
 * The 2D evaluation of MPII+NZSL as 3dhand reports it: the share of labelled keypoints within 0, 1, … 30 px. The published
 * curves do not say in which resolution pixels were counted; state that of yours.
 *
 * @param predicted flat `[B, 21, 2]` pixels
 * @param target the same
 * @param mask [B·21] 1 for labelled keypoints; default all
 * @throws ShapeError for lengths that do not fit; OpposableError for NaN or no labelled keypoint
 *
 * @example
 * const target = Array.from({ length: 42 }, (_, i) => i);
 * pixelPck(target.map((x, i) => x + (i % 2) * 15), target).auc0to30; // → 15.5 / 30
 */
export function pixelPck(predicted: ArrayLike<number>, target: ArrayLike<number>, mask?: ValidityMask): PixelPck {
  const errors = jointErrors(predicted, target, { dimension: 2, mask });
  const thresholds = linspace(0, 30, 31);
  const pck = pckCurve(errors, thresholds, { mask });
  return { thresholds, pck, auc0to30: areaUnderCurve(thresholds, pck), pckAt20: pck[20]!, pckAt30: pck[30]! };
}
