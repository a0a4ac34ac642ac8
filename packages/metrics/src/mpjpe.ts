import { jointErrors } from './joint-errors.js';
import { meanError } from './mean-error.js';
import type { ValidityMask } from './points-input.js';

export interface MpjpeOptions {
  /** [N] flags; points left out are not read. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Mean per-joint position error without any alignment: the mean of ‖p_i − t_i‖ over all valid points.
 *
 * The same number on mesh vertices is known as MPVPE.
 *
 * @param predicted flat `[N, 3]`, any unit; N may be hands × joints
 * @param target flat `[N, 3]`, same unit
 * @returns in the unit of the input
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN or no valid point
 *
 * @example
 * mpjpe([0, 0, 0, 1, 1, 1], [3, 4, 0, 1, 1, 1]); // → 2.5
 */
export function mpjpe(predicted: ArrayLike<number>, target: ArrayLike<number>, options: MpjpeOptions = {}): number {
  return meanError(jointErrors(predicted, target, options), options);
}
