import * as tf from '@tensorflow/tfjs-core';
import { GRADIENT_INPUTS, type GradientAttrs } from './model-gradient-kernel.js';

/**
 * The gradient of `OpposableParametricModel`: one kernel call for all inputs.
 *
 * The attributes of the model hold the shapes of its inputs, so that none of them has to be saved.
 */
export const parametricModelGradient: tf.GradConfig = {
  kernelName: 'OpposableParametricModel',
  outputsToSave: [false, false, false, true],
  gradFunc: (dy, saved, attrs) => {
    const [dVertices, dJoints, dPoints] = dy as tf.Tensor[];
    const { shapes } = attrs as unknown as GradientAttrs;
    const gradients = tf
      .engine()
      .runKernel<tf.Tensor[]>(
        'OpposableParametricModelGrad',
        { dVertices: dVertices!, dJoints: dJoints!, dPoints: dPoints!, saved: saved[0]! },
        attrs,
      );
    const result: Record<string, () => tf.Tensor> = {};
    let place = 0;
    for (const name of GRADIENT_INPUTS) {
      if (shapes[name] === undefined) continue;
      const gradient = gradients[place++]!;
      result[name] = () => gradient;
    }
    return result;
  },
};
