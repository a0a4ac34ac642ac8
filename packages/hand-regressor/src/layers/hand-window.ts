import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { transformImage } from './transform-image.js';
import { withoutGradient } from './without-gradient.js';
import { type CoarsePlacement, placeCoarsely, serializablePlacement, windowSides } from './coarse-placement.js';

export interface HandWindowConfig extends CoarsePlacement {
  name?: string;
  /** Side of the window's picture in pixels. */
  windowSize: number;
}

/**
 * Looks closer: cuts the square around a coarse guess of the hand out of the image, turned by the guessed angle, so that
 * the hand lies as one with angle 0 does.
 *
 * Inputs: image [B, S, S, C] and coarse numbers [B, 4] (see `placeCoarsely`). Output: [B, W, W, C], bilinear, black
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
      const column = (i: number): tf.Tensor2D => tf.slice(placed, [0, i], [batch, 1]);
      const angle = column(3);
      // From pixels of the window to pixels of the image, centres at integers in both:
      // p' = factor·(centre + step·R(angle)·(p − (W − 1)/2) + ½) − ½, step = side/W in the 256 frame
      const factor = height / HAND_PARAMETER_FRAME;
      const step = tf.mul(windowSides(placed, this.config), factor / windowSize);
      const middle = (windowSize - 1) / 2;
      const cos = tf.mul<tf.Tensor2D>(step, tf.cos(angle));
      const sin = tf.mul<tf.Tensor2D>(step, tf.sin(angle));
      const from = (i: number, turned: tf.Tensor): tf.Tensor2D =>
        tf.sub(tf.add(tf.mul(column(i), factor), 0.5 * factor - 0.5), tf.mul(turned, middle));
      const zeros = tf.zerosLike(angle);
      const transforms = tf.concat<tf.Tensor2D>(
        [cos, tf.neg(sin), from(1, tf.sub(cos, sin)), sin, cos, from(2, tf.add(sin, cos)), zeros, zeros],
        1,
      );
      return transformImage(image, transforms, windowSize);
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
