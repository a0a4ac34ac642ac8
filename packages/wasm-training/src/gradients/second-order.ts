import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_SUMS } from '../training-kernels/batch-norm.js';
import { RELU_GRAD } from '../training-kernels/relu-grad.js';
import { GATHER_GRAD } from '../training-kernels/rows.js';

/** Gradients of the gradient kernels that stand for differentiable operations of tfjs-core, so that those of second order stay. */
export const secondOrderGradConfigs: readonly tf.GradConfig[] = [
  {
    kernelName: RELU_GRAD,
    inputsToSave: ['y'],
    gradFunc: (dy, saved) => ({
      dy: () => tf.engine().runKernel<tf.Tensor>(RELU_GRAD, { dy: dy as tf.Tensor, y: saved[0]! }),
      y: () => tf.zerosLike(saved[0]!),
    }),
  },
  {
    kernelName: GATHER_GRAD,
    inputsToSave: ['indices'],
    gradFunc: (dy, saved, attrs) => ({
      dy: () => tf.gather(dy as tf.Tensor, saved[0] as tf.Tensor1D, attrs['axis'] as unknown as number),
    }),
  },
  {
    kernelName: BATCH_NORM_SUMS,
    inputsToSave: ['dy', 'x', 'mean'],
    gradFunc: (given, saved) => {
      const [ds, dt] = given as tf.Tensor[] as [tf.Tensor, tf.Tensor];
      const [dy, x, mean] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const channels = [dt.size];
      const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
      return {
        dy: () => tf.add(ds, tf.mul(dt, tf.sub(x, tf.reshape(mean, channels)))),
        x: () => tf.mul(dt, dy),
        mean: () => tf.reshape(tf.neg(tf.mul(dt, tf.sum(dy, axes))), mean.shape),
      };
    },
  },
];
