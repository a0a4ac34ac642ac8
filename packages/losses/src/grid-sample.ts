import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { assertOneOf } from './assert-one-of.js';
import { bilinearSample } from './bilinear-sample.js';

export interface GridSampleOptions {
  /** Whether −1 and 1 are the centres of the outermost pixels (true) or their outer edges (false); there is no default. */
  alignCorners: boolean;
  /** Outside the image: 0 (`'zeros'`), or the nearest pixel of the border (`'border'`); there is no default. */
  paddingMode: 'zeros' | 'border';
}

/**
 * Bilinear samples of images at points, differentiable with respect to both.
 *
 * Pixel position x = (g + 1)/2·(W − 1) with `alignCorners`, ((g + 1)·W − 1)/2 without; likewise y with H.
 * The gradient of the points is piecewise constant in each direction; at a pixel centre it is that of the cell to the
 * right and below. A point that `'border'` moves onto the border has no gradient along that axis.
 *
 * @param images [B, H, W, C]
 * @param grid [B, N, 2], x first, −1 left or top and 1 right or bottom
 * @returns [B, N, C] float32; NaN where the grid is NaN
 * @throws ShapeError if a shape does not fit; ConfigError for an unknown padding mode
 */
export function gridSample(images: tf.Tensor, grid: tf.Tensor, options: GridSampleOptions): tf.Tensor3D {
  const { alignCorners, paddingMode } = options;
  assertOneOf(alignCorners, [true, false], 'gridSample', 'alignCorners');
  assertOneOf(paddingMode, ['zeros', 'border'], 'gridSample', 'paddingMode');
  const sizes = assertShape(images, ['B', 'H', 'W', 'C'], 'gridSample', 'images');
  assertShape(grid, ['B', 'N', 2], 'gridSample', 'grid', sizes);
  return tf.tidy(() => {
    const pixels = tf.tensor1d([sizes['W']!, sizes['H']!]);
    const points = alignCorners
      ? tf.mul(tf.add(grid, 1), tf.div(tf.sub(pixels, 1), 2))
      : tf.div(tf.sub(tf.mul(tf.add(grid, 1), pixels), 1), 2);
    return bilinearSample(images as tf.Tensor4D, points as tf.Tensor3D, { paddingMode, imageGradient: true });
  });
}
