import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM, BATCH_NORM_GRAD, BATCH_NORM_RELU, BATCH_NORM_RELU_GRAD } from '../training-kernels/batch-norm.js';
import { GROUP_NORM, GROUP_NORM_GRAD } from '../training-kernels/group-norm.js';

/** The gradient kernel gives all three derivatives at once; the two statistics pass none on. */
function normGradient(kernelName: string, gradKernelName: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved, attrs) => {
      const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = { dy: (dys as tf.Tensor[])[0]!, x, scale, mean, variance };
      const outputs = tf.engine().runKernel(gradKernelName, inputs, attrs) as unknown as tf.Tensor[];
      return { x: () => outputs[0]!, scale: () => outputs[1]!, offset: () => outputs[2]! };
    },
  };
}

export const batchNormGradConfig = normGradient(BATCH_NORM, BATCH_NORM_GRAD);
export const groupNormGradConfig = normGradient(GROUP_NORM, GROUP_NORM_GRAD);

/** Of the result y only its sign is used: the normalised numbers before the addition and the ReLU are kept nowhere. */
export const batchNormReluGradConfig: tf.GradConfig = {
  kernelName: BATCH_NORM_RELU,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [true, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [x, scale, y, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const inputs = { dy: (dys as tf.Tensor[])[0]!, x, scale, y, mean, variance };
    const outputs = tf.engine().runKernel(BATCH_NORM_RELU_GRAD, inputs, attrs) as unknown as tf.Tensor[];
    return { x: () => outputs[0]!, scale: () => outputs[1]!, offset: () => outputs[2]!, residual: () => outputs[3]! };
  },
};
