import * as tf from '@tensorflow/tfjs-core';

/** Whether the filter has gaps, the case that tfjs-core refuses. */
export function isDilated(_saved: tf.Tensor[], attrs: tf.NamedAttrMap): boolean {
  return !tf.backend_util.tupleValuesAreOne((attrs as unknown as Partial<tf.Conv2DAttrs>).dilations ?? 1);
}

/** The gradient by the two kernels that give it with respect to the input and to the filter. */
function byKernels(inputKernel: string, filterKernel: string): tf.GradConfig['gradFunc'] {
  return (dyOrDys, saved, attrs) => {
    const dy = dyOrDys as tf.Tensor;
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const run = (kernel: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs, { ...attrs, ...more });
    return {
      x: () => run(inputKernel, { dy, filter }, { inputShape: x.shape }),
      filter: () => run(filterKernel, { x, dy }, { filterShape: filter.shape }),
    };
  };
}

/** Gradient of a dilated convolution with respect to its input and its filter. */
export const dilatedConv2DGradient = byKernels(tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter);

/** The same of a depthwise one. */
export const dilatedDepthwiseGradient = byKernels(
  tf.DepthwiseConv2dNativeBackpropInput,
  tf.DepthwiseConv2dNativeBackpropFilter,
);
