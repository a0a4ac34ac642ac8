import * as tf from '@tensorflow/tfjs-core';
import { GRADIENT_INPUTS, type InputShapes } from './packed-model.js';

/**
 * The gradient of `OpposableParametricModel`: one kernel for all inputs. It holds for every backend that has that kernel.
 *
 * The attributes of the model hold the shapes of its inputs, so that none of them has to be saved.
 */
export const parametricModelGradient: tf.GradConfig = {
  kernelName: 'OpposableParametricModel',
  outputsToSave: [false, false, false, true],
  gradFunc: (dy, [saved], attrs) => {
    const [dVertices, dJoints, dPoints] = dy as [tf.Tensor, tf.Tensor, tf.Tensor];
    const inputs = { saved: saved!, dVertices, dJoints, dPoints };
    const gradients = tf.engine().runKernel<tf.Tensor[]>('OpposableParametricModelGrad', inputs, attrs);
    const { shapes } = attrs as unknown as { shapes: InputShapes };
    const asked = GRADIENT_INPUTS.filter((name) => shapes[name] !== undefined);
    return Object.fromEntries(asked.map((name, place) => [name, () => gradients[place]!]));
  },
};
