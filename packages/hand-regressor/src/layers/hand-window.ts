import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { withoutGradient } from './without-gradient.js';
import { type CoarsePlacement, placeCoarsely, serializablePlacement, windowSides } from './coarse-placement.js';

export interface HandWindowConfig extends CoarsePlacement {
  name?: string;
  /** Side of the window's picture in pixels. */
  windowSize: number;
}

/**
 * Looks closer: cuts the square around a coarse guess of the hand out of the image.
 *
 * Inputs: image [B, S, S, C] and coarse numbers [B, 3] (see `placeCoarsely`). Output: [B, W, W, C], bilinear, black
 * outside of the image. No gradient flows through: the coarse guess learns from the refined result, not from the pixels.
 */
export class HandWindow extends layers.Layer {
  static readonly className = 'OpposableHandWindow';
  private readonly config: HandWindowConfig;

  constructor(config: HandWindowConfig) {
    super(config.name === undefined ? {} : { name: config.name });
    this.config = config;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, coarse] = inputs as [tf.Tensor4D, tf.Tensor2D];
    const { windowSize } = this.config;
    const [batch, height] = image.shape;
    return withoutGradient(() => {
      const placed = placeCoarsely(coarse, this.config);
      // first and last sample lie half a sample inside the borders of the window
      const reach = tf.mul(windowSides(placed, this.config), (1 - 1 / windowSize) / 2); // [B, 1], 256 frame
      const u = tf.slice(placed, [0, 1], [batch, 1]);
      const v = tf.slice(placed, [0, 2], [batch, 1]);
      const corners = tf.concat([tf.sub(v, reach), tf.sub(u, reach), tf.add(v, reach), tf.add(u, reach)], 1);
      // 256 frame → pixels of the image (centres at integers) → 0 … 1 from the first pixel's centre to the last's
      const factor = height / HAND_PARAMETER_FRAME;
      const boxes = tf.div<tf.Tensor2D>(tf.add(tf.mul(corners, factor), 0.5 * factor - 0.5), height - 1);
      const rows = tf.range(0, batch, 1, 'int32');
      return tf.image.cropAndResize(image, boxes, rows, [windowSize, windowSize], 'bilinear', 0);
    });
  }

  override computeOutputShape(inputShape: (number | null)[][]): (number | null)[] {
    const [batch, , , channels] = inputShape[0]!;
    return [batch!, this.config.windowSize, this.config.windowSize, channels!];
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    return { ...super.getConfig(), ...serializablePlacement(this.config), windowSize: this.config.windowSize };
  }
}
