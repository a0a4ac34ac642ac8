import { ConfigError } from '@opposable/tensor-checks';
import { nearestDistances, type NearestDistancesOptions } from './nearest-distances.js';

/** F-score of two point sets at one threshold; all in 0 … 1. */
export interface FScore {
  /** Harmonic mean of precision and recall; 0 where both are 0. */
  readonly score: number;
  /** Share of predicted points nearer than the threshold to some target point. */
  readonly precision: number;
  /** Share of target points nearer than the threshold to some predicted point. */
  readonly recall: number;
}

const shareBelow = (distances: Float64Array, threshold: number): number =>
  distances.reduce((count, distance) => count + (distance < threshold ? 1 : 0), 0) / distances.length;

/**
 * F-scores at several thresholds, with the nearest neighbours searched once.
 *
 * @param predicted flat `[N, 3]`, any unit
 * @param target flat `[M, 3]`, same unit
 * @param thresholds in the same unit, positive
 * @returns one per threshold
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN or no valid point; ConfigError
 *   for a threshold that is not positive
 *
 * @example
 * fScores([0, 0, 0], [3, 0, 0], [5, 2]).map(({ score }) => score); // → [1, 0]
 */
export function fScores(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  thresholds: readonly number[],
  options: NearestDistancesOptions = {},
): FScore[] {
  for (const threshold of thresholds) {
    if (!(threshold > 0 && threshold < Infinity)) {
      throw new ConfigError(`fScore: expected a positive threshold, got ${threshold}.`, {
        expected: 'threshold > 0',
        actual: threshold,
      });
    }
  }
  const { predictedToTarget, targetToPredicted } = nearestDistances(predicted, target, options);
  return thresholds.map((threshold) => {
    const precision = shareBelow(predictedToTarget, threshold);
    const recall = shareBelow(targetToPredicted, threshold);
    const score = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { score, precision, recall };
  });
}

/**
 * F-score of two point sets: the harmonic mean of precision and recall, 2·P·R/(P + R), where a point counts as matched
 * if its nearest neighbour in the other set is nearer than the threshold (strictly).
 *
 * FreiHAND and HO-3D report it for mesh vertices at 5 and 15 mm, averaged over hands (F@5, F@15).
 *
 * @param predicted flat `[N, 3]`, any unit
 * @param target flat `[M, 3]`, same unit; the points need not correspond
 * @param threshold in the same unit
 * @throws as `fScores`
 *
 * @example
 * fScore([0, 0, 0, 9, 9, 9], [0, 0, 1], 5); // → { score: 2 / 3, precision: 0.5, recall: 1 }
 */
export function fScore(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  threshold: number,
  options: NearestDistancesOptions = {},
): FScore {
  return fScores(predicted, target, [threshold], options)[0]!;
}
