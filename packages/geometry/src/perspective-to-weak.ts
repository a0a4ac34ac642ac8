import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { cameraTerms } from './camera-terms.js';

/** A weak-perspective camera: (u, v) = translation + scale·(X, Y). */
export interface WeakPerspectiveTensors {
  /** [B], pixels per unit of length. */
  scale: tf.Tensor1D;
  /** [B, 2], pixels. */
  translation: tf.Tensor2D;
}

/**
 * The weak-perspective camera that is tangent to a perspective one at a point; the inverse of `weakToPerspective`.
 *
 * s = f/Z with f = (fx + fy)/2 and Z the (mean) depth of the object; translation = projection of the point.
 *
 * @param position [B, 3], the place of the object's origin in the camera frame
 * @param intrinsics [B, 3, 3], pixels
 * @returns scale [B] in pixels per unit of `position`, and translation [B, 2] in pixels
 * @throws ShapeError if a shape does not fit
 */
export function perspectiveToWeak(position: tf.Tensor, intrinsics: tf.Tensor): WeakPerspectiveTensors {
  const sizes = assertShape(position, ['B', 3], 'perspectiveToWeak', 'position');
  assertShape(intrinsics, ['B', 3, 3], 'perspectiveToWeak', 'intrinsics', sizes);
  return tf.tidy(() => {
    const { fx, fy, cx, cy, skew, focal } = cameraTerms(intrinsics);
    const [x, y, z] = [0, 1, 2].map((i) => tf.slice(position, [0, i], [-1, 1])) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const u = tf.add(tf.div(tf.add(tf.mul(fx, x), tf.mul(skew, y)), z), cx);
    const v = tf.add(tf.div(tf.mul(fy, y), z), cy);
    return {
      scale: tf.reshape<tf.Rank.R1>(tf.div(focal, z), [-1]),
      translation: tf.concat([u, v] as tf.Tensor2D[], 1),
    };
  });
}
