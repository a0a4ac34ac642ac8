import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { axisAngleToMatrix, matrixToAxisAngle } from '@opposable/geometry';
import { type CoarsePlacement, placeCoarsely, serializablePlacement, windowSides } from './coarse-placement.js';

export interface RefinePlacementConfig extends CoarsePlacement {
  name?: string;
}

/** A unit of the refined translation, as a part of the window's side. */
const TRANSLATION_UNIT = 0.15;

/** [B, 1] → [B, 3, 3]: rotations about the z axis. */
function aboutZ(angle: tf.Tensor2D): tf.Tensor3D {
  const [cos, sin, zero] = [tf.cos(angle), tf.sin(angle), tf.zerosLike(angle)];
  const rows = tf.concat([cos, tf.neg(sin), zero, sin, cos, zero, zero, zero, tf.onesLike(angle)], 1);
  return tf.reshape(rows, [-1, 3, 3]);
}

/**
 * Puts the coarse guess and what the window showed together.
 *
 * Inputs: coarse numbers [B, 4] and fine numbers [B, N] in the layout of the 22 numbers. Output [B, N]: scale = coarse +
 * unit · fine; translation = coarse + 0.15 · window side · fine; rotation = that about z by the coarse angle after the fine
 * one, R_z(angle)·R(fine), as axis-angle; everything else as it is.
 */
export class RefinePlacement extends layers.Layer {
  static readonly className = 'OpposableRefinePlacement';
  private readonly config: RefinePlacementConfig;

  constructor(config: RefinePlacementConfig) {
    super(config.name === undefined ? {} : { name: config.name });
    this.config = config;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [coarse, fine] = inputs as [tf.Tensor2D, tf.Tensor2D];
      const [batch, width] = fine.shape;
      const placed = placeCoarsely(coarse, this.config);
      const side = windowSides(placed, this.config);
      const column = (x: tf.Tensor2D, start: number, size: number) => tf.slice(x, [0, start], [batch, size]);
      const scale = tf.add(column(placed, 0, 1), tf.mul(column(fine, 0, 1), this.config.scale[0]!));
      const shift = tf.mul(column(fine, 1, 2), tf.mul(side, TRANSLATION_UNIT));
      const translation = tf.add(column(placed, 1, 2), shift);
      const turned = tf.matMul(aboutZ(column(placed, 3, 1)), axisAngleToMatrix(column(fine, 3, 3)));
      return tf.concat([scale, translation, matrixToAxisAngle(turned), column(fine, 6, width - 6)], 1);
    });
  }

  override computeOutputShape(inputShape: (number | null)[][]): (number | null)[] {
    return inputShape[1]!;
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    return { ...super.getConfig(), ...serializablePlacement(this.config) };
  }
}
