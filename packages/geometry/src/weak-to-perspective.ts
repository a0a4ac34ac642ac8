import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { cameraTerms } from './camera-terms.js';

/**
 * The place before a perspective camera at which an object looks as under a weak-perspective camera.
 *
 * Z = f/s with f = (fx + fy)/2, Y = (v − cy)·Z/fy, X = ((u − cx)·Z − k·Y)/fx, where (u, v) is the weak-perspective
 * translation and k the skew of K. Exact for the point that the weak camera maps to its translation (the origin of the
 * object) and, where fx = fy, for the size of everything at its depth.
 *
 * @param scale [B] or [B, 1], pixels per unit of length, positive
 * @param translation [B, 2], pixels
 * @param intrinsics [B, 3, 3], pixels, of the same image
 * @returns [B, 3], the translation X, Y, Z to add to the object, in the unit of length of `scale`
 * @throws ShapeError if a shape does not fit
 */
export function weakToPerspective(scale: tf.Tensor, translation: tf.Tensor, intrinsics: tf.Tensor): tf.Tensor2D {
  const sizes = assertShape(translation, ['B', 2], 'weakToPerspective', 'translation');
  assertShape(scale, scale.rank === 2 ? ['B', 1] : ['B'], 'weakToPerspective', 'scale', sizes);
  assertShape(intrinsics, ['B', 3, 3], 'weakToPerspective', 'intrinsics', sizes);
  return tf.tidy(() => {
    const { fx, fy, cx, cy, skew, focal } = cameraTerms(intrinsics);
    const z = tf.div(focal, tf.reshape(scale, [-1, 1]));
    const y = tf.div(tf.mul(tf.sub(tf.slice(translation, [0, 1], [-1, 1]), cy), z), fy);
    const x = tf.div(tf.sub(tf.mul(tf.sub(tf.slice(translation, [0, 0], [-1, 1]), cx), z), tf.mul(skew, y)), fx);
    return tf.concat([x, y, z] as tf.Tensor2D[], 1);
  });
}
