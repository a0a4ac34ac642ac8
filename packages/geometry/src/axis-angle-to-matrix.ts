import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';

/** Row-major [3, 9]: w · HAT is the flattened cross-product matrix K of w. */
const HAT = [
  [0, 0, 0, 0, 0, -1, 0, 1, 0],
  [0, 0, 1, 0, 0, 0, -1, 0, 0],
  [0, -1, 0, 1, 0, 0, 0, 0, 0],
];

/** [9, 9]: flattened G · SYMMETRIC is the flattened G + Gᵀ − 2 tr(G) I, the derivative of Σ G ∘ K² divided by w. */
const SYMMETRIC = Array.from({ length: 9 }, (_, from) =>
  Array.from({ length: 9 }, (_, to) => {
    const transposed = (to % 3) * 3 + Math.floor(to / 3);
    const diagonal = from % 4 === 0 && to % 4 === 0;
    return (from === to ? 1 : 0) + (from === transposed ? 1 : 0) - (diagonal ? 2 : 0);
  }),
);

/**
 * [n, 2]: A'/θ = (cos θ − A)/θ² and B'/θ = (A − 2B)/θ². For small θ the differences cancel and the quotients are
 * noise of the size ε/θ²; the gradient multiplies them by θ², so that only ε remains.
 */
function coefficientSlopes(squared: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const cosine = tf.sub(1, tf.mul(squared, b));
  const differences = tf.concat([tf.sub(cosine, a), tf.sub(a, tf.mul(b, 2))], 1);
  return tf.div(differences, tf.maximum(squared, 1e-8));
}

/**
 * Rotation matrices of axis-angle vectors (Rodrigues).
 *
 * R = I + (sin θ/θ) K + ((1 − cos θ)/θ²) K², with K the cross-product matrix of w and θ = |w|.
 *
 * Exact at θ = 0 and everywhere else, in value and gradient: one custom gradient with a closed-form backward pass, for
 * first derivatives only (a gradient of this gradient throws or is wrong).
 *
 * @param axisAngle [..., 3] in radians, any length
 * @returns [..., 3, 3] acting on column vectors
 * @throws ShapeError if the last dimension is not 3
 */
export function axisAngleToMatrix(axisAngle: tf.Tensor): tf.Tensor {
  assertShape(axisAngle, ['...', 3], 'axisAngleToMatrix', 'axisAngle');
  const shape = axisAngle.shape;
  const count = axisAngle.size / 3;
  const rodrigues = tf.customGrad((input, save) => {
    const w = tf.reshape(input as tf.Tensor, [count, 3]);
    const squared = tf.sum(tf.square(w), 1, true); // [n, 1]
    // Below 1e-4 the coefficients no longer change in float32; the floor keeps 0/0 away.
    const half = tf.mul(tf.sqrt(tf.maximum(squared, 1e-8)), 0.5);
    const sinc = tf.div(tf.sin(half), half);
    const a = tf.mul(sinc, tf.cos(half));
    const b = tf.mul(tf.square(sinc), 0.5);
    const k = tf.matMul(w, tf.tensor2d(HAT)); // [n, 9]
    const k3 = tf.reshape(k, [count, 3, 3]);
    const k2 = tf.reshape(tf.matMul(k3, k3), [count, 9]);
    const matrix = tf.add(tf.add(tf.mul(k, a), tf.mul(k2, b)), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    (save as tf.GradSaveFunc)([w, squared, a, b]);
    return {
      value: tf.reshape(matrix, [...shape, 3]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [w, squared, a, b] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const upstream = tf.reshape(dy, [count, 9]);
        const axial = tf.matMul(upstream, tf.tensor2d(HAT), false, true); // [n, 3]
        const symmetric = tf.reshape(tf.matMul(upstream as tf.Tensor2D, tf.tensor2d(SYMMETRIC)), [count, 3, 3]);
        const bent = tf.reshape(tf.matMul(symmetric, tf.reshape(w, [count, 3, 1])), [count, 3]);
        const along = tf.concat([tf.sum(tf.mul(axial, w), 1, true), tf.mul(tf.sum(tf.mul(bent, w), 1, true), 0.5)], 1);
        const radial = tf.sum(tf.mul(coefficientSlopes(squared, a, b), along), 1, true);
        const gradient = tf.add(tf.add(tf.mul(axial, a), tf.mul(bent, b)), tf.mul(w, radial));
        return tf.reshape(gradient, shape);
      },
    };
  });
  return tf.tidy(() => rodrigues(axisAngle));
}
