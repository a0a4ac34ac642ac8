import * as tf from '@tensorflow/tfjs-core';

/** Whether the active backend has a kernel of this name. */
export function hasKernel(kernelName: string): boolean {
  const backend = tf.getBackend();
  return Boolean(backend) && tf.getKernel(kernelName, backend) !== undefined;
}

/** The same for a kernel whose gradient is a kernel too: not inside a gradient of a gradient, which operations can take. */
export function hasFirstOrderKernel(kernelName: string): boolean {
  return hasKernel(kernelName) && tf.engine().state.gradientDepth <= 1;
}

/** Runs a kernel with any number of results; its gradient, if it has one, goes on the tape. */
export function runKernel<Result extends tf.Tensor | tf.Tensor[]>(
  kernelName: string,
  inputs: object,
  attrs: object,
): Result {
  return tf.engine().runKernel<Result>(kernelName, inputs as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
}
