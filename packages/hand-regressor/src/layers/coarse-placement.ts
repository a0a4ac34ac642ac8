import * as tf from '@tensorflow/tfjs-core';

/** Numbers of a coarse guess: scale, u, v, and the angle in the image plane. */
export const COARSE_COUNT = 4;

/** How four numbers of order 1 stand for scale (px/m), translation (px of the 256 frame) and angle (rad) of a hand. */
export interface CoarsePlacement {
  /** [4] scale, translation and angle for zeros. */
  offset: readonly number[];
  /** [4] change per unit. */
  scale: readonly number[];
  /** Side of the window in metres at the hand. */
  windowMetres: number;
  /** Smallest and largest side of the window, pixels of the 256 frame. */
  windowRange: readonly [number, number];
}

/** [B, 4] → [B, 4]: scale in px/m, u, v in pixels of the 256 frame, angle in radians from x (right) to y (down). */
export function placeCoarsely(numbers: tf.Tensor2D, placement: CoarsePlacement): tf.Tensor2D {
  return tf.add(tf.mul(numbers, tf.tensor1d([...placement.scale])), tf.tensor1d([...placement.offset]));
}

/** [B, 1] side of the window in pixels of the 256 frame, from what {@link placeCoarsely} gave. */
export function windowSides(placed: tf.Tensor2D, placement: CoarsePlacement): tf.Tensor2D {
  const [low, high] = placement.windowRange;
  const scale = tf.slice(placed, [0, 0], [placed.shape[0], 1]);
  return tf.clipByValue(tf.mul(scale, placement.windowMetres), low, high);
}

/** The placement as a layer's configuration holds it: fresh arrays. */
export function serializablePlacement(placement: CoarsePlacement) {
  const { offset, scale, windowMetres, windowRange } = placement;
  return { offset: [...offset], scale: [...scale], windowMetres, windowRange: [...windowRange] };
}
