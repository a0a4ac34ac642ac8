import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { withoutGradient } from './without-gradient.js';

/** Added to the deviation: a picture of one colour stays zero. */
const FLOOR = 0.02;

/**
 * Takes light and contrast out of each picture: (x − mean of its channel) / (σ + 0.02), σ over all its channels.
 * [B, H, W, C] in 0–1 → the same shape. Passes no gradient: it stands before the first layer with weights.
 */
export class StandardizeImage extends layers.Layer {
  static readonly className = 'OpposableStandardizeImage';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = Array.isArray(inputs) ? inputs[0]! : inputs;
    return withoutGradient(() => {
      const centred = tf.sub(image, tf.mean(image, [1, 2], true));
      const deviation = tf.sqrt(tf.mean(tf.square(centred), [1, 2, 3], true));
      return tf.div(centred, tf.add(deviation, FLOOR));
    });
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape;
  }
}
