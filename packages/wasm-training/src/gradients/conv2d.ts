import * as tf from '@tensorflow/tfjs-core';

/** Whether the filter has gaps, the case that tfjs-core refuses. */
export function isDilated(_saved: tf.Tensor[], attrs: tf.NamedAttrMap): boolean {
  return !tf.backend_util.tupleValuesAreOne((attrs as unknown as tf.Conv2DAttrs).dilations);
}

/** Gradient of a dilated convolution with respect to its input and its filter. */
export const dilatedConv2DGradient: tf.GradConfig['gradFunc'] = (dy, saved, attrs) => {
  const [x, filter] = saved as [tf.Tensor, tf.Tensor];
  const run = (kernel: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor =>
    tf.engine().runKernel(kernel, inputs, { ...attrs, ...more });
  return {
    x: () => run(tf.Conv2DBackpropInput, { dy: dy as tf.Tensor, filter }, { inputShape: x.shape }),
    filter: () => run(tf.Conv2DBackpropFilter, { x, dy: dy as tf.Tensor }, { filterShape: filter.shape }),
  };
};
