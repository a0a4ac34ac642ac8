import * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

type PoolAttrs = Pick<tf.MaxPoolGradAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

/** The numbers of a pooling in the order in which the native kernels take them. The size of dy decides: the gradient ops drop
 * the rounding mode. */
function geometryOf(shape: number[], dy: Info, attrs: PoolAttrs) {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const { batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const [outHeight, outWidth] = dy.shape.slice(1, 3) as [number, number];
  return [
    ...([batchSize, inHeight, inWidth, inChannels, outHeight, outWidth] as const),
    ...([filterHeight, filterWidth, strideHeight, strideWidth] as const),
    ...([info.dilationHeight, info.dilationWidth, info.padInfo.top, info.padInfo.left] as const),
  ] as const;
}

const offsets = (backend: Backend, ...tensors: Info[]) => tensors.map((tensor) => offsetOf(backend, tensor));

/**
 * The gradient of what the forward pass computes: a mean over the places inside the image. (The cpu and the shipped wasm kernel
 * divide by the whole window, which is wrong where a window reaches over the border.)
 */
export const avgPoolGradKernel = wasmKernel<{ dy: Info; input: Info }, tf.AvgPoolGradAttrs>(
  tf.AvgPoolGrad,
  ({ backend, inputs: { dy, input }, attrs }) => {
    const dx = allocate(backend, input.shape);
    const [dyAt, dxAt] = offsets(backend, dy, dx) as [number, number];
    training(backend).averagePoolGradient(dyAt, dxAt, ...geometryOf(input.shape, dy, attrs));
    return dx;
  },
);

/** Every dy goes to the first place of its window, in rows, that holds the maximum; the forward result says what that was. */
export const maxPoolGradKernel = wasmKernel<{ dy: Info; input: Info; output: Info }, tf.MaxPoolGradAttrs>(
  tf.MaxPoolGrad,
  ({ backend, inputs: { dy, input, output }, attrs }) => {
    const dx = allocate(backend, input.shape);
    const [dyAt, xAt, yAt, dxAt] = offsets(backend, dy, input, output, dx) as [number, number, number, number];
    training(backend).maxPoolGradient(dyAt, xAt, yAt, dxAt, ...geometryOf(input.shape, dy, attrs));
    return dx;
  },
);

export const poolingKernels: readonly tf.KernelConfig[] = [avgPoolGradKernel, maxPoolGradKernel];
