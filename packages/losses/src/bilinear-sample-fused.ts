import * as tf from '@tensorflow/tfjs-core';
import type { BilinearSampleOptions } from './bilinear-sample.js';

const SAMPLE = 'OpposableBilinearSample';
const POINT_GRAD = 'OpposableBilinearPointGrad';
const IMAGE_GRAD = 'OpposableBilinearImageGrad';

/**
 * The samples by the kernels of the active backend, if it has them: one pass each for the samples and the two gradients;
 * undefined otherwise. The caller tidies.
 */
export function bilinearSampleFused(
  given: tf.Tensor4D,
  points: tf.Tensor3D,
  { paddingMode, imageGradient, chosen }: BilinearSampleOptions,
): tf.Tensor3D | undefined {
  const backend = tf.getBackend();
  const present = [SAMPLE, POINT_GRAD, IMAGE_GRAD].every((name) => tf.getKernel(name, backend) !== undefined);
  if (!present || points.dtype !== 'float32' || given.size * points.size === 0) return undefined;
  const images = given.dtype === 'float32' ? given : tf.cast(given, 'float32');
  const attrs = { border: paddingMode === 'border' };
  const run = (name: string, [from, at, which]: tf.Tensor[], more: tf.NamedTensorMap = {}): tf.Tensor => {
    const inputs = { images: from!, points: at!, ...more };
    return tf.engine().runKernel<tf.Tensor>(name, which ? { ...inputs, chosen: which } : inputs, attrs);
  };
  const others = chosen ? [chosen] : [];
  // Whatever the gradient reads is saved: the caller's intermediates are gone by then.
  const sample = (tensors: tf.Tensor[], save: tf.GradSaveFunc): tf.Tensor3D => {
    save(tensors);
    return run(SAMPLE, tensors) as tf.Tensor3D;
  };
  if (!imageGradient) {
    return tf.customGrad((at, save) => ({
      value: sample([images, at as tf.Tensor, ...others], save as tf.GradSaveFunc),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => run(POINT_GRAD, saved, { dy }),
    }))(points);
  }
  return tf.customGrad((from, at, save) => ({
    value: sample([from as tf.Tensor, at as tf.Tensor, ...others], save as tf.GradSaveFunc),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [run(IMAGE_GRAD, saved, { dy }), run(POINT_GRAD, saved, { dy })],
  }))(images, points);
}
