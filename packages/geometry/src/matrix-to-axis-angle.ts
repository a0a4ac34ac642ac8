import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { matrixToQuaternion } from './matrix-to-quaternion.js';
import { quaternionToAxisAngle } from './quaternion-to-axis-angle.js';

/**
 * Axis-angle vectors of rotation matrices, the inverse of `axisAngleToMatrix` for angles up to π.
 *
 * Goes through the quaternion, so that neither θ = 0 nor θ near π loses digits or has a wrong gradient. At exactly
 * θ = π both axes ±a are right and one of them is returned.
 *
 * @param matrix [..., 3, 3], rotation matrices acting on column vectors
 * @returns [..., 3] in radians, with a length in [0, π]
 * @throws ShapeError if the last dimensions are not 3, 3
 */
export function matrixToAxisAngle(matrix: tf.Tensor): tf.Tensor {
  assertShape(matrix, ['...', 3, 3], 'matrixToAxisAngle', 'matrix');
  return tf.tidy(() => quaternionToAxisAngle(matrixToQuaternion(matrix)));
}
