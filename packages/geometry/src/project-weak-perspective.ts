import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { type WeakPerspectiveForm, checkWeakPerspectiveForm } from './host/weak-perspective-form.js';

export interface WeakPerspectiveOptions {
  /** `'translate-after-scale'` (default): t + s·X. `'translate-before-scale'`: s·(X + t), the form of HMR, SPIN, CMR. */
  form?: WeakPerspectiveForm;
}

/**
 * Weak-perspective (scaled orthographic) projection.
 *
 * (u, v) = t + s·(X, Y); with `form: 'translate-before-scale'` (u, v) = s·((X, Y) + t). Z is dropped.
 *
 * @param points [B, N, 3], usually metres
 * @param scale [B] or [B, 1], pixels per unit of `points`
 * @param translation [B, 2], pixels (in the other form: the unit of `points`)
 * @returns [B, N, 2], x then y
 * @throws ShapeError if a shape does not fit; ConfigError for an unknown form
 */
export function projectWeakPerspective(
  points: tf.Tensor,
  scale: tf.Tensor,
  translation: tf.Tensor,
  options: WeakPerspectiveOptions = {},
): tf.Tensor3D {
  const form = checkWeakPerspectiveForm(options.form, 'projectWeakPerspective');
  const sizes = assertShape(points, ['B', 'N', 3], 'projectWeakPerspective', 'points');
  assertShape(scale, scale.rank === 2 ? ['B', 1] : ['B'], 'projectWeakPerspective', 'scale', sizes);
  assertShape(translation, ['B', 2], 'projectWeakPerspective', 'translation', sizes);
  const { B: batch, N: count } = sizes as { B: number; N: number };
  return tf.tidy(() => {
    const xy = tf.slice(points, [0, 0, 0], [batch, count, 2]);
    const s = tf.reshape(scale, [batch, 1, 1]);
    const t = tf.reshape(translation, [batch, 1, 2]);
    return form === 'translate-after-scale'
      ? tf.add<tf.Tensor3D>(tf.mul(xy, s), t)
      : tf.mul<tf.Tensor3D>(tf.add(xy, t), s);
  });
}
