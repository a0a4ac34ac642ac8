import { ConfigError } from '@opposable/tensor-checks';
import { countHands, forEachError, type ValidityMask } from './points-input.js';

export interface PckCurveOptions {
  /** [N] flags; errors left out may be NaN. */
  readonly mask?: ValidityMask | undefined;
  /**
   * Given: the fraction is taken per joint over the hands, then averaged over joints, as the reference evaluation of
   * STB, RHD and FreiHAND does; joints that are nowhere valid are left out. Default: one fraction over all errors. The
   * two agree where every joint is valid equally often.
   */
  readonly jointCount?: number | undefined;
}

/**
 * Percentage of correct keypoints, as a fraction, for each threshold: the share of errors e ≤ threshold.
 *
 * @param errors [N], as `jointErrors` gives them: millimetres, pixels, …
 * @param thresholds [T] in the same unit, in any sequence
 * @returns [T] in 0 … 1
 * @throws ShapeError for empty input or lengths that do not fit; ConfigError for no threshold or one that is not finite;
 *   OpposableError for NaN or no valid error
 *
 * @example
 * pckCurve([0, 10, 20, 30], [0, 10, 25, 50]); // → [0.25, 0.5, 0.75, 1]
 */
export function pckCurve(
  errors: ArrayLike<number>,
  thresholds: ArrayLike<number>,
  options: PckCurveOptions = {},
): Float64Array {
  const limits = Array.from(thresholds);
  if (limits.length === 0 || !limits.every(Number.isFinite)) {
    throw new ConfigError(
      `pckCurve: expected at least one threshold and all of them finite, got [${limits.join(', ')}].`,
      {
        expected: 'finite thresholds',
        actual: limits,
      },
    );
  }
  const groupCount = options.jointCount ?? 1;
  countHands(errors.length, groupCount, 'pckCurve');
  const groups = Array.from({ length: groupCount }, (): number[] => []);
  forEachError(errors, options.mask, 'pckCurve', (error, index) => groups[index % groupCount]!.push(error));
  const filled = groups.filter((group) => group.length > 0);
  for (const group of filled) group.sort((a, b) => a - b);
  return Float64Array.from(limits, (limit) => {
    const fractions = filled.map((group) => countUpTo(group, limit) / group.length);
    return fractions.reduce((sum, fraction) => sum + fraction, 0) / filled.length;
  });
}

/** How many of the ascending numbers are at most `limit`, by bisection. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
