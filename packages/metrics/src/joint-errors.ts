import { readPoints, type ValidityMask } from './points-input.js';

export interface JointErrorsOptions {
  /** Coordinates per point: 3 (default) or 2. */
  readonly dimension?: number | undefined;
  /** [N] flags; a point left out has the error NaN and its coordinates are not read. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Euclidean distance of each predicted point from its target: ‖p_i − t_i‖.
 *
 * @param predicted flat `[N, dimension]`, any unit; N may be hands × joints
 * @param target flat `[N, dimension]`, same unit
 * @param options dimension, mask
 * @returns [N] in the unit of the input, NaN where the mask leaves a point out
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN or infinite coordinates of a
 *   valid point, or no valid point
 *
 * @example
 * jointErrors([0, 0, 0, 1, 1, 1], [3, 4, 0, 1, 1, 1]); // → [5, 0]
 */
export function jointErrors(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: JointErrorsOptions = {},
): Float64Array {
  const { dimension = 3, mask } = options;
  const { count, isValid } = readPoints(predicted, target, 'jointErrors', { dimension, mask });
  const errors = new Float64Array(count).fill(NaN);
  for (let i = 0; i < count; i++) {
    if (!isValid(i)) continue;
    let sum = 0;
    for (let d = i * dimension; d < (i + 1) * dimension; d++) sum += (predicted[d]! - target[d]!) ** 2;
    errors[i] = Math.sqrt(sum);
  }
  return errors;
}
