import { OpposableError } from '@opposable/tensor-checks';
import { checkPoint, countPoints, type ValidityMask, validity } from './points-input.js';

export interface NearestDistancesOptions {
  /** [N] flags of the predicted points. */
  readonly predictedMask?: ValidityMask | undefined;
  /** [M] flags of the target points. */
  readonly targetMask?: ValidityMask | undefined;
}

export interface NearestDistances {
  /** Distance of each valid predicted point from the nearest valid target point. */
  readonly predictedToTarget: Float64Array;
  /** Distance of each valid target point from the nearest valid predicted point. */
  readonly targetToPredicted: Float64Array;
}

/** Copies the valid points. */
function validPoints(points: ArrayLike<number>, mask: ValidityMask | undefined, argument: string): Float64Array {
  const count = countPoints(points, 3, 'nearestDistances', argument);
  const isValid = validity(mask, count, 'nearestDistances');
  const kept = new Float64Array(points.length);
  let length = 0;
  for (let i = 0; i < count; i++) {
    if (!isValid(i)) continue;
    checkPoint(points, i, 3, 'nearestDistances', argument);
    for (let d = 0; d < 3; d++) kept[length++] = points[i * 3 + d]!;
  }
  if (length === 0) {
    throw new OpposableError(
      `nearestDistances: expected at least one valid point in ${argument}, got none of ${count}.`,
      {
        expected: 'at least 1',
        actual: 0,
      },
    );
  }
  return kept.subarray(0, length);
}

/**
 * Nearest-neighbour distances between two point sets, both ways. All pairs are compared: 778 against 778 vertices take
 * about 2 ms, so a search tree would not be worth its code.
 *
 * @param predicted flat `[N, 3]`, any unit
 * @param target flat `[M, 3]`, same unit; the points need not correspond
 * @returns distances in the unit of the input
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN or no valid point
 *
 * @example
 * nearestDistances([0, 0, 0], [3, 0, 0, 0, 4, 0]).targetToPredicted; // → [3, 4]
 */
export function nearestDistances(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: NearestDistancesOptions = {},
): NearestDistances {
  const p = validPoints(predicted, options.predictedMask, 'predicted');
  const t = validPoints(target, options.targetMask, 'target');
  const predictedToTarget = new Float64Array(p.length / 3).fill(Infinity);
  const targetToPredicted = new Float64Array(t.length / 3).fill(Infinity);
  for (let i = 0; i < predictedToTarget.length; i++) {
    const [x, y, z] = [p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!];
    let nearest = Infinity;
    for (let j = 0; j < targetToPredicted.length; j++) {
      const dx = t[j * 3]! - x;
      const dy = t[j * 3 + 1]! - y;
      const dz = t[j * 3 + 2]! - z;
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared < nearest) nearest = squared;
      if (squared < targetToPredicted[j]!) targetToPredicted[j] = squared;
    }
    predictedToTarget[i] = nearest;
  }
  return { predictedToTarget: predictedToTarget.map(Math.sqrt), targetToPredicted: targetToPredicted.map(Math.sqrt) };
}
