import * as tf from '@tensorflow/tfjs-core';
import { RELU_GRAD } from '../training-kernels/relu-grad.js';

/** Gradient of `tf.relu` from its result. */
export const reluGradient: tf.GradConfig['gradFunc'] = (dy, saved) => ({
  x: () => tf.engine().runKernel<tf.Tensor>(RELU_GRAD, { dy: dy as tf.Tensor, y: saved[0]! }),
});
