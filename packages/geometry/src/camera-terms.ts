import * as tf from '@tensorflow/tfjs-core';

/** The entries of K, each [B, 1], and the mean focal length. */
export function cameraTerms(intrinsics: tf.Tensor) {
  const entry = (row: number, column: number) =>
    tf.reshape(tf.slice(intrinsics, [0, row, column], [-1, 1, 1]), [-1, 1]);
  const fx = entry(0, 0);
  const fy = entry(1, 1);
  return { fx, fy, cx: entry(0, 2), cy: entry(1, 2), skew: entry(0, 1), focal: tf.mul(tf.add(fx, fy), 0.5) };
}
