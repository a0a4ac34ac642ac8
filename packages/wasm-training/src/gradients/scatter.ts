import * as tf from '@tensorflow/tfjs-core';

/** Gradient of `tf.gatherND`, which tfjs-core has on no backend: dy scattered back, places read twice added up. */
export const gatherNdGradConfig: tf.GradConfig = {
  kernelName: tf.GatherNd,
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [params, indices] = saved as [tf.Tensor, tf.Tensor];
    return { params: () => tf.scatterND(indices, dy as tf.Tensor, params.shape) };
  },
};

/** Gradient of `tf.scatterND`: dy gathered from where the updates went. */
export const scatterNdGradConfig: tf.GradConfig = {
  kernelName: tf.ScatterNd,
  inputsToSave: ['indices'],
  gradFunc: (dy, saved) => ({ updates: () => tf.gatherND(dy as tf.Tensor, saved[0]!) }),
};
