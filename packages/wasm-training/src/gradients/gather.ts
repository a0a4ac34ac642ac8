import * as tf from '@tensorflow/tfjs-core';
import { GATHER_GRAD } from '../training-kernels/rows.js';

/** The case handled here. */
export function hasNoBatchDims(_saved: tf.Tensor[], attrs: tf.NamedAttrMap): boolean {
  return !attrs['batchDims'];
}

/** Gradient of `tf.gather`: dy added up where the indices point, without the two transposes of tfjs-core. */
export const gatherGradient: tf.GradConfig['gradFunc'] = (dy, saved, attrs) => {
  const [x, indices] = saved as [tf.Tensor, tf.Tensor];
  const axis = tf.util.parseAxisParam(attrs['axis'] as unknown as number, x.shape)[0]!;
  return {
    x: () => tf.engine().runKernel<tf.Tensor>(GATHER_GRAD, { dy: dy as tf.Tensor, indices }, { shape: x.shape, axis }),
    indices: () => indices,
  };
};
