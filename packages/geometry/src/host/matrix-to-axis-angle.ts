import { matrixToQuaternion } from './matrix-to-quaternion.js';
import { quaternionToAxisAngle } from './quaternion-to-axis-angle.js';

/**
 * Axis-angle vector of a rotation matrix; accurate at θ = 0 and near π.
 *
 * @param matrix 9 numbers, row-major
 * @returns 3 numbers in radians, with a length in [0, π]
 */
export function matrixToAxisAngle(matrix: ArrayLike<number>): Float64Array {
  return quaternionToAxisAngle(matrixToQuaternion(matrix));
}
