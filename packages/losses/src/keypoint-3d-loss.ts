import * as tf from '@tensorflow/tfjs-core';
import { assertShape, ConfigError } from '@opposable/tensor-checks';
import { assertOneOf } from './assert-one-of.js';
import { standardise } from './standardise.js';
import { stopGradient } from './stop-gradient.js';
import { isSet, keepWhere, meanOver } from './valid-samples.js';

export interface Keypoint3dInputs {
  /** [B, K, 3] metres. */
  predicted: tf.Tensor;
  /** [B, K, 3] millimetres in the camera frame, z the depth; any value where the sample is not valid. */
  target: tf.Tensor;
  /** [B]; samples with a flag above 0 count. */
  valid: tf.Tensor;
  /**
   * Variant `'perspective'`: focal length [B], the sample's own fx in the pixels of the network input (crop and resize
   * applied); or one number for all samples (the original uses 822.79041, that of the uncropped camera).
   */
  focal?: tf.Tensor | number;
  /** Variant `'perspective'`: predicted weak-perspective scale [B], pixels of the network input per metre. */
  scale?: tf.Tensor;
  /** `targetAxes: 'resized-xy'`: [B, 2], output pixels per original pixel along x and y. */
  resize?: tf.Tensor;
}

export interface Keypoint3dOptions {
  /** Which of the three losses, see {@link keypoint3dLoss}. Default `'perspective'`. */
  variant?: 'perspective' | 'normalized' | 'normalized-detached';
  /** Variant `'perspective'`: what both hands are centred on, their mean (default) or the keypoint of this index. */
  center?: 'mean' | number;
  /** Variant `'perspective'`: whether a gradient flows through the predicted scale (default, as in the original). */
  scaleGradient?: 'through' | 'stop';
  /** `'isotropic'` (default): targets as given. `'resized-xy'`: x and y times `resize`, z not, as in the original. */
  targetAxes?: 'isotropic' | 'resized-xy';
  /** Normalised variants: one standard deviation per axis (default, as in the original) or one for all 3K values. */
  deviation?: 'per-axis' | 'scalar';
  /** Normalised variants: standard deviations below this count as this, metres. Default 1e-3; the original has 0. */
  minimumDeviation?: number;
}

/**
 * Mean squared error of 3D keypoints whose absolute place and scale are unknown.
 *
 * - `'perspective'`: Y = (X − c)·f/(z̄·s) with X in mm, z̄ the mean depth of the sample, f the focal length and s the
 *   predicted scale, which makes Y metres; L = mean((X̂ − ĉ − Y)²), c and ĉ the means (or one keypoint) of the hands.
 * - `'normalized-detached'`: X̂ and X minus their mean, divided by their standard deviation (N − 1), per sample and axis,
 *   the statistics of X̂ counting as constants; L = mean((X̂ₙ − Xₙ)²).
 * - `'normalized'`: the same with gradients through the statistics.
 *
 * The mean runs over the 3K coordinates of the valid samples and is 0 if there are none. No gradient through a sample
 * that is not valid, whatever it contains. A scale of 0 in a valid sample gives an infinite loss.
 *
 * The original (3dhand re-implementation) multiplies x and y of the target by the resize factors but not z, and takes
 * the focal length of the uncropped image: `targetAxes: 'resized-xy'` and a number for `focal`.
 *
 * @returns scalar in m² (`'perspective'`) or without unit
 * @throws ShapeError if a shape does not fit; ConfigError for an unknown option or an input that the variant lacks
 */
export function keypoint3dLoss(inputs: Keypoint3dInputs, options: Keypoint3dOptions = {}): tf.Scalar {
  const { variant = 'perspective', targetAxes = 'isotropic' } = options;
  assertOneOf(variant, ['perspective', 'normalized', 'normalized-detached'], 'keypoint3dLoss', 'variant');
  assertOneOf(targetAxes, ['isotropic', 'resized-xy'], 'keypoint3dLoss', 'targetAxes');
  const sizes = assertShape(inputs.predicted, ['B', 'K', 3], 'keypoint3dLoss', 'predicted');
  assertShape(inputs.target, ['B', 'K', 3], 'keypoint3dLoss', 'target', sizes);
  assertShape(inputs.valid, ['B'], 'keypoint3dLoss', 'valid', sizes);
  const batch = sizes['B']!;
  const differ =
    variant === 'perspective' ? perspectiveDifference(inputs, options, batch) : normalizedDifference(options);
  return tf.tidy(() => {
    const valid = isSet(inputs.valid);
    const predicted = keepWhere(valid, inputs.predicted, 0);
    let target = keepWhere(valid, inputs.target, 1); // 1: the depth of a sample that does not count is divided by
    if (targetAxes === 'resized-xy') {
      const { resize } = inputs;
      if (resize === undefined) throw missing('resize', "targetAxes 'resized-xy'");
      assertShape(resize, ['B', 2], 'keypoint3dLoss', 'resize', sizes);
      const factors = tf.concat([keepWhere(valid, resize, 1), tf.ones([batch, 1])], 1);
      target = tf.mul(target, tf.expandDims(factors, 1));
    }
    const difference = differ(predicted, target, valid);
    return meanOver(valid, tf.mean(tf.square(difference), [1, 2]));
  });
}

type Difference = (predicted: tf.Tensor, target: tf.Tensor, valid: tf.Tensor) => tf.Tensor;

function perspectiveDifference(inputs: Keypoint3dInputs, options: Keypoint3dOptions, batch: number): Difference {
  const { focal, scale } = inputs;
  const { center = 'mean', scaleGradient = 'through' } = options;
  const keypoints = inputs.predicted.shape[1]!;
  assertOneOf(scaleGradient, ['through', 'stop'], 'keypoint3dLoss', 'scaleGradient');
  if (center !== 'mean' && !(Number.isInteger(center) && center >= 0 && center < keypoints)) {
    throw new ConfigError(
      `keypoint3dLoss: expected center 'mean' or an index from 0 to ${keypoints - 1}, got ${String(center)}.`,
      { expected: ['mean', 0, keypoints - 1], actual: center },
    );
  }
  if (focal === undefined) throw missing('focal', "variant 'perspective'");
  if (scale === undefined) throw missing('scale', "variant 'perspective'");
  assertShape(scale, ['B'], 'keypoint3dLoss', 'scale', { B: batch });
  if (typeof focal !== 'number') assertShape(focal, ['B'], 'keypoint3dLoss', 'focal', { B: batch });
  const centred = (points: tf.Tensor) =>
    tf.sub(points, center === 'mean' ? tf.mean(points, 1, true) : tf.slice(points, [0, center, 0], [-1, 1, -1]));
  return (predicted, target, valid) => {
    // Depths reach 1e5 mm, where float32 resolves 0.008 mm: differences to one joint first, means of those.
    const first = tf.slice(target, [0, 0, 0], [-1, 1, -1]); // [B, 1, 3]
    const offsets = tf.sub(target, first);
    const depth = tf.add(tf.slice(first, [0, 0, 2]), tf.mean(tf.slice(offsets, [0, 0, 2]), 1, true)); // [B, 1, 1]
    const kept = keepWhere(valid, scale, 1);
    const s = tf.reshape(scaleGradient === 'stop' ? stopGradient(kept) : kept, [batch, 1, 1]);
    const f = typeof focal === 'number' ? focal : tf.reshape(keepWhere(valid, focal, 1), [batch, 1, 1]);
    const metres = tf.div(tf.mul(centred(offsets), tf.div(f, depth)), s);
    return tf.sub(centred(predicted), metres);
  };
}

function normalizedDifference(options: Keypoint3dOptions): Difference {
  const { variant, deviation = 'per-axis', minimumDeviation = 1e-3 } = options;
  assertOneOf(deviation, ['per-axis', 'scalar'], 'keypoint3dLoss', 'deviation');
  if (!(minimumDeviation >= 0)) {
    throw new ConfigError(`keypoint3dLoss: expected minimumDeviation >= 0 metres, got ${minimumDeviation}.`, {
      expected: '>= 0',
      actual: minimumDeviation,
    });
  }
  const statistics = { deviation, minimumDeviation };
  return (predicted, target) => {
    const offsets = tf.sub(target, tf.slice(target, [0, 0, 0], [-1, 1, -1])); // before any rounding of large depths
    return tf.sub(
      standardise(predicted, { ...statistics, detached: variant === 'normalized-detached' }),
      standardise(tf.mul(offsets, 1e-3), { ...statistics, detached: true }),
    );
  };
}

function missing(argument: string, wanted: string): ConfigError {
  return new ConfigError(`keypoint3dLoss: expected ${argument} for ${wanted}, got none.`, { expected: argument });
}
