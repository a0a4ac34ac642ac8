import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';

/** Under the root of an angle, whose gradient at 0 would not be finite. */
const TINY = 1e-12;

/** [N, 4] unit quaternions of [N, 3] axis-angle vectors: cos(|ω|/2), ω·sin(|ω|/2)/|ω|. */
function quaternions(vectors: tf.Tensor2D): tf.Tensor2D {
  const angle = tf.sqrt(tf.add(tf.sum(tf.square(vectors), 1, true), TINY));
  const half = tf.div(angle, 2);
  return tf.concat([tf.cos(half), tf.mul(vectors, tf.div(tf.sin(half), angle))], 1) as tf.Tensor2D;
}

/**
 * How far rotations are apart, whatever vectors stand for them: the squared chordal distance.
 *
 *     L = mean of ‖R(ω̂) − R(ω)‖²_F/6 = mean of 4/3 · sin²(θ/2) = mean of 4/3 · (1 − (q̂·q)²)        θ: angle between the two
 *
 * For small θ it is the mean squared error of three components, which a vector's own error is only where all angles are small: two
 * vectors of angles near π, on either side, are almost the same rotation and 2π apart.
 *
 * @param predicted [..., 3] axis-angle vectors ω̂ in radians, of any length
 * @param target [..., 3] axis-angle vectors ω, of the same shape
 * @returns scalar, at most 4/3
 * @throws ShapeError if a shape does not fit
 * @see R. Hartley et al., Rotation Averaging, 2013, for distances of rotations
 *
 * @example
 * rotationLoss(tf.tensor2d([[3.1, 0, 0]]), tf.tensor2d([[-3.1, 0, 0]])); // 0.0023; the vectors' mean squared error is 12.8
 */
export function rotationLoss(predicted: tf.Tensor, target: tf.Tensor): tf.Scalar {
  assertShape(predicted, ['...', 3], 'rotationLoss', 'predicted');
  assertShape(target, predicted.shape, 'rotationLoss', 'target');
  return tf.tidy(() => {
    const [q, truth] = [predicted, target].map((each) => quaternions(tf.reshape(each, [-1, 3])));
    const cosine = tf.sum(tf.mul(q!, truth!), 1);
    return tf.mul<tf.Scalar>(tf.sub(1, tf.mean(tf.square(cosine))), 4 / 3);
  });
}
