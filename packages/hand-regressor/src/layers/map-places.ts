import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { withoutGradient } from './without-gradient.js';

/** Numbers that each map gives: x, y, spread and height. */
const NUMBERS = 4;

/** Pixels of the 256 frame that one unit of a place or a spread stands for. */
export const PLACE_UNIT = 40;

/** Added to every weight, so that an empty map lies in the middle. */
const FLOOR = 1e-12;

const COLOURS = 3;

/**
 * [S², 5] of every pixel of an S × S map: 1, x, y, x², y², in units of 40 pixels of the 256 frame from the frame's middle
 * pixel, pixel centres at integers in both.
 */
function basisOf(side: number): Float32Array {
  const along = Array.from({ length: side }, (_, i) => {
    const pixel = ((i + 0.5) * HAND_PARAMETER_FRAME) / side - 0.5;
    return (pixel - HAND_PARAMETER_FRAME / 2) / PLACE_UNIT;
  });
  return Float32Array.from(along.flatMap((y) => along.flatMap((x) => [1, x, y, x * x, y * y])));
}

/**
 * Where the heat maps beside an image have their keypoints: for each map the mean place of its pixels, weighted by the
 * cube of their values (`'sharpened'` of `decodeHeatmaps`), the standard deviation around it, and the largest value.
 *
 * [B, S, S, 3 + K] in 0–1 → [B, 4 K]: all x, all y, all spreads, all heights; x, y and spread in units of 40 pixels of the
 * 256 frame, x and y from pixel 128. An empty map has its middle, 127.5, its own width, and no height. Passes no gradient: it
 * stands before the first layer with weights.
 */
export class MapPlaces extends layers.Layer {
  static readonly className = 'OpposableMapPlaces';
  #basis: Float32Array = new Float32Array(0);

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const [batch, side, , channels] = input.shape;
    const count = channels - COLOURS;
    if (this.#basis.length !== side * side * 5) this.#basis = basisOf(side);
    return withoutGradient(() => {
      const maps = tf.reshape(tf.slice(input, [0, 0, 0, COLOURS], [-1, -1, -1, count]), [batch, side * side, count]);
      const weights = tf.add(tf.mul(maps, tf.square(maps)), FLOOR);
      const basis = tf.tensor3d(this.#basis, [1, side * side, 5]);
      // [B, 5, K]: the maps stay as they lie
      const [sums, x, y, xx, yy] = tf.unstack(tf.matMul(basis, weights, true), 1) as tf.Tensor2D[];
      const mean = (values: tf.Tensor): tf.Tensor => tf.div(values, sums!);
      const [u, v] = [mean(x!), mean(y!)];
      const variance = tf.sub(mean(tf.add(xx!, yy!)), tf.add(tf.square(u), tf.square(v)));
      return tf.concat([u, v, tf.sqrt(tf.relu(variance)), tf.max(maps, 1)], 1);
    });
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    const [batch, , , channels] = inputShape as [number | null, number, number, number];
    return [batch, NUMBERS * (channels - COLOURS)];
  }
}
