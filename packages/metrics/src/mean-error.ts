import { forEachError, type ValidityMask } from './points-input.js';

export interface ErrorsOptions {
  /** [N] flags; errors left out may be NaN. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Mean over all valid errors, each counting the same whatever hand or joint it belongs to.
 *
 * @param errors [N], as `jointErrors` gives them
 * @returns in the unit of the errors
 * @throws ShapeError for empty input; OpposableError for NaN or no valid error
 *
 * @example
 * meanError([1, 2, NaN], { mask: [1, 1, 0] }); // → 1.5
 */
export function meanError(errors: ArrayLike<number>, options: ErrorsOptions = {}): number {
  let sum = 0;
  let count = 0;
  forEachError(errors, options.mask, 'meanError', (error) => {
    sum += error;
    count++;
  });
  return sum / count;
}

/**
 * Median over all valid errors; of an even number the mean of the middle two.
 *
 * @param errors [N], as `jointErrors` gives them
 * @returns in the unit of the errors
 * @throws ShapeError for empty input; OpposableError for NaN or no valid error
 *
 * @example
 * medianError([5, 1, 2, 100]); // → 3.5
 */
export function medianError(errors: ArrayLike<number>, options: ErrorsOptions = {}): number {
  const valid: number[] = [];
  forEachError(errors, options.mask, 'medianError', (error) => valid.push(error));
  valid.sort((a, b) => a - b);
  const middle = valid.length >> 1;
  return valid.length % 2 === 1 ? valid[middle]! : (valid[middle - 1]! + valid[middle]!) / 2;
}
