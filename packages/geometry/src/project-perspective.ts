import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';

/**
 * Pinhole projection.
 *
 * (u, v) = (K·X)₀,₁ / (K·X)₂. Points at Z = 0 give infinities, points behind the camera mirrored positions: the caller
 * keeps the points in front.
 *
 * @param points [B, N, 3] in the camera frame, x right, y down, z forward, any unit
 * @param intrinsics [B, 3, 3] in pixels, row-major K with pixel centres at integers
 * @returns [B, N, 2] in pixels, x then y
 * @throws ShapeError if a shape does not fit
 */
export function projectPerspective(points: tf.Tensor, intrinsics: tf.Tensor): tf.Tensor3D {
  const sizes = assertShape(points, ['B', 'N', 3], 'projectPerspective', 'points');
  assertShape(intrinsics, ['B', 3, 3], 'projectPerspective', 'intrinsics', sizes);
  const { B: batch, N: count } = sizes as { B: number; N: number };
  return tf.tidy(() => {
    const homogeneous = tf.matMul(points, intrinsics, false, true);
    return tf.div<tf.Tensor3D>(
      tf.slice(homogeneous, [0, 0, 0], [batch, count, 2]),
      tf.slice(homogeneous, [0, 0, 2], [batch, count, 1]),
    );
  });
}
