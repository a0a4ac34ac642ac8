import * as tf from '@tensorflow/tfjs-core';
import {
  allocate,
  type Backend,
  heapIndex,
  heapOf,
  type Info,
  release,
  reshaped,
  sizeOf,
  withShape,
} from '../wasm-backend.js';
import { callKernel, wasmKernel } from './kernel-calls.js';

interface BatchNormInputs {
  x: Info;
  mean: Info;
  variance: Info;
  offset?: Info | null;
  scale?: Info | null;
}

/**
 * x·a + b per channel with a = scale/√(variance + ε) and b = offset − mean·a, as a 1×1 depthwise convolution with bias,
 * which the engine underneath does as one multiply-add per element: 0.16 ms instead of 2.7 ms for 786 432 elements.
 */
function batchNorm(backend: Backend, inputs: BatchNormInputs, channels: number, epsilon: number): Info {
  const { x, mean, variance, offset, scale } = inputs;
  const factor = allocate(backend, [1, 1, channels, 1]);
  const shift = allocate(backend, [channels]);
  const heap = heapOf(backend);
  const at = (tensor: Info | null | undefined) => (tensor ? heapIndex(backend, tensor) : -1);
  const [meanAt, varianceAt, offsetAt, scaleAt] = [at(mean), at(variance), at(offset), at(scale)];
  const [factorAt, shiftAt] = [at(factor), at(shift)];
  for (let c = 0; c < channels; c++) {
    const a = (scaleAt < 0 ? 1 : heap[scaleAt + c]!) / Math.sqrt(heap[varianceAt + c]! + epsilon);
    heap[factorAt + c] = a;
    heap[shiftAt + c] = (offsetAt < 0 ? 0 : heap[offsetAt + c]!) - heap[meanAt + c]! * a;
  }
  const out = callKernel(
    backend,
    tf.FusedDepthwiseConv2D,
    { x: reshaped(x, [1, sizeOf(x.shape) / channels, 1, channels]), filter: factor, bias: shift },
    { strides: [1, 1], pad: 'valid', dilations: [1, 1], dataFormat: 'NHWC', activation: 'linear' },
  );
  release(backend, factor, shift);
  return withShape(backend, out, x.shape);
}

/** `tf.batchNorm` with one statistic per channel; anything else goes to the shipped kernel. */
export const fusedBatchNormKernel = wasmKernel<BatchNormInputs, tf.FusedBatchNormAttrs>(
  tf.FusedBatchNorm,
  ({ backend, inputs, attrs }) => {
    const { x, mean, variance, offset, scale } = inputs;
    const channels = x.shape[x.shape.length - 1]!;
    const perChannel = [mean, variance, offset, scale].every((tensor) => !tensor || sizeOf(tensor.shape) === channels);
    if (!perChannel || x.dtype !== 'float32' || sizeOf(x.shape) === 0) {
      return callKernel(backend, tf.FusedBatchNorm, inputs as unknown as Record<string, Info>, { ...attrs });
    }
    return batchNorm(backend, inputs, channels, attrs.varianceEpsilon);
  },
);
