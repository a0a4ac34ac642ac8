import { alignSimilarity, applySimilarity } from '@opposable/geometry/host';
import { OpposableError } from '@opposable/tensor-checks';
import { countHands, readPoints, type ValidityMask } from './points-input.js';

export interface AlignHandsOptions {
  /** Points per hand, for example 778 for vertices. Default 21. */
  readonly jointCount?: number | undefined;
  /**
   * 'forbid' (default): a rotation with determinant +1, as the body benchmarks define it. 'allow': a mirrored fit where
   * it is closer, as the evaluations of FreiHAND and HO-3D do, which do not test for it.
   */
  readonly reflection?: 'forbid' | 'allow' | undefined;
  /** [B·jointCount] flags; only valid points decide the fit. A hand needs three of them, or none. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Brings each predicted hand as near as possible to its target by its own scale, rotation and translation (Procrustes):
 * p' = s·R·p + t, with Σ‖p' − target‖² over the hand's valid points minimal.
 *
 * @param predicted flat `[B, jointCount, 3]`, any unit
 * @param target flat `[B, jointCount, 3]`, any unit
 * @returns the aligned prediction in the target's unit, flat `[B, jointCount, 3]`; hands without valid points are left
 *   as they are
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN, or a hand with one or two valid
 *   points
 *
 * @example
 * const triangle = [0, 0, 0, 1, 0, 0, 0, 1, 0];
 * const larger = [0, 0, 0, 4, 0, 0, 0, 4, 0];
 * Math.round(alignHands(larger, triangle, { jointCount: 3 })[3]); // → 1
 */
export function alignHands(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: AlignHandsOptions = {},
): Float64Array {
  const { jointCount = 21, reflection = 'forbid', mask } = options;
  const { count, isValid } = readPoints(predicted, target, 'alignHands', { dimension: 3, mask });
  const hands = countHands(count, jointCount, 'alignHands');
  const aligned = Float64Array.from(predicted);
  for (let hand = 0; hand < hands; hand++) {
    const source: number[] = [];
    const goal: number[] = [];
    for (let i = hand * jointCount; i < (hand + 1) * jointCount; i++) {
      if (!isValid(i)) continue;
      for (let d = i * 3; d < i * 3 + 3; d++) {
        source.push(predicted[d]!);
        goal.push(target[d]!);
      }
    }
    if (source.length === 0) continue;
    if (source.length < 9) {
      throw new OpposableError(
        `alignHands: expected at least 3 valid points in a hand, got ${source.length / 3} in hand ${hand}; mask the whole hand to leave it out.`,
        { expected: 'at least 3', actual: { hand, points: source.length / 3 } },
      );
    }
    const transform = alignSimilarity(source, goal, { reflection });
    const begin = hand * jointCount * 3;
    aligned.set(applySimilarity(transform, aligned.subarray(begin, begin + jointCount * 3)), begin);
  }
  return aligned;
}
