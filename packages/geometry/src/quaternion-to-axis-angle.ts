import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';

/**
 * Axis-angle vectors of quaternions in the order w x y z.
 *
 * w = v · f, f = 2 atan2(|v|, w)/|v| for a quaternion (w, v) of any length; a negative w is first turned into −q, so
 * that the angle lies in [0, π]. Exact at zero rotation and at π in value and gradient (first derivatives only); the
 * zero quaternion gives the zero vector.
 *
 * @param quaternion [..., 4], w x y z
 * @returns [..., 3] in radians
 * @throws ShapeError if the last dimension is not 4
 */
export function quaternionToAxisAngle(quaternion: tf.Tensor): tf.Tensor {
  assertShape(quaternion, ['...', 4], 'quaternionToAxisAngle', 'quaternion');
  const shape = quaternion.shape;
  const count = quaternion.size / 4;
  const logarithm = tf.customGrad((input, save) => {
    const q = tf.reshape(input as tf.Tensor, [count, 4]);
    const sign = tf.sub(tf.mul(tf.cast(tf.greaterEqual(tf.slice(q, [0, 0], [-1, 1]), 0), 'float32'), 2), 1); // [n, 1]
    const real = tf.abs(tf.slice(q, [0, 0], [-1, 1]));
    const v = tf.mul(tf.slice(q, [0, 1], [-1, 3]), sign);
    const squared = tf.sum(tf.square(v), 1, true);
    const sine = tf.sqrt(squared);
    // For s << w the quotient is 2/w; below the floor s has no influence in float32.
    const floor = tf.maximum(sine, tf.maximum(tf.mul(real, 1e-6), 1e-15));
    const factor = tf.div(tf.mul(tf.atan2(floor, real), 2), floor);
    (save as tf.GradSaveFunc)([v, real, squared, factor, sign]);
    return {
      value: tf.reshape(tf.mul(v, factor), [...shape.slice(0, -1), 3]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [v, real, squared, factor, sign] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const upstream = tf.reshape(dy, [count, 3]);
        const along = tf.sum(tf.mul(upstream, v), 1, true);
        const norm = tf.maximum(tf.add(squared, tf.square(real)), 1e-20);
        // (df/ds)/s; for small s noise of the size ε/s², which the factor v (v·dy) turns into ε.
        const difference = tf.sub(tf.div(tf.mul(real, 2), norm), factor);
        const slope = tf.div(difference, tf.maximum(squared, tf.maximum(tf.mul(norm, 1e-12), 1e-20)));
        const dv = tf.add(tf.mul(upstream, factor), tf.mul(v, tf.mul(along, slope)));
        const dReal = tf.mul(tf.div(along, norm), -2);
        return tf.reshape(tf.mul(tf.concat([dReal, dv], 1), sign), shape);
      },
    };
  });
  return tf.tidy(() => logarithm(quaternion));
}
