import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { withoutGradient } from './without-gradient.js';

/** Added to the deviation: a picture of one colour stays zero. */
const FLOOR = 0.02;
/** Channels of a picture. */
const COLOURS = 3;

/**
 * Takes light and contrast out of each picture: (x − mean of its channel) / (σ + 0.02), σ over its three colours.
 * [B, H, W, C] in 0–1 → the same shape; channels beyond the colours (heat maps) pass unchanged. Passes no gradient: it
 * stands before the first layer with weights.
 */
export class StandardizeImage extends layers.Layer {
  static readonly className = 'OpposableStandardizeImage';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const channels = input.shape[3];
    return withoutGradient(() => {
      const part = (start: number, count: number) => tf.slice(input, [0, 0, 0, start], [-1, -1, -1, count]);
      const image = channels > COLOURS ? part(0, COLOURS) : input;
      const centred = tf.sub(image, tf.mean(image, [1, 2], true));
      const deviation = tf.sqrt(tf.mean(tf.square(centred), [1, 2, 3], true));
      const standard = tf.div(centred, tf.add(deviation, FLOOR));
      return channels > COLOURS ? tf.concat([standard, part(COLOURS, channels - COLOURS)], 3) : standard;
    });
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape;
  }
}
