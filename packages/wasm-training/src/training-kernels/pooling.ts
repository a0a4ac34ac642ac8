import * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

type PoolAttrs = Pick<tf.MaxPoolGradAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

type Geometry = [number, number, number, number, number, number, ...Windows];
type Windows = [number, number, number, number, number, number, number, number];

/** The numbers of a pooling, in the order in which the native kernels take them, and the shape of its result. */
function poolOf(shape: number[], attrs: PoolAttrs, dy?: Info): { numbers: Geometry; outShape: number[] } {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const { batchSize, inHeight, inWidth, inChannels, padInfo } = info;
  // The gradient ops pass no rounding mode: the size of dy decides.
  const [outHeight, outWidth] = (dy ?? { shape: info.outShape }).shape.slice(1, 3) as [number, number];
  return {
    numbers: [
      ...[batchSize, inHeight, inWidth, inChannels, outHeight, outWidth],
      ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
      ...[info.dilationHeight, info.dilationWidth, padInfo.top, padInfo.left],
    ] as Geometry,
    outShape: info.outShape,
  };
}

const offsets = (backend: Backend, ...tensors: Info[]) => tensors.map((tensor) => offsetOf(backend, tensor));

export const avgPoolKernel = wasmKernel<{ x: Info }, tf.AvgPoolAttrs>(
  tf.AvgPool,
  ({ backend, inputs: { x }, attrs }) => {
    const { numbers, outShape } = poolOf(x.shape, attrs);
    const y = allocate(backend, outShape);
    const [from, to] = offsets(backend, x, y) as [number, number];
    training(backend).averagePool(from, to, ...numbers);
    return y;
  },
);

/**
 * The gradient of what the forward pass computes: a mean over the places inside the image. (The cpu and the shipped wasm kernel
 * divide by the whole window, which is wrong where a window reaches over the border.)
 */
export const avgPoolGradKernel = wasmKernel<{ dy: Info; input: Info }, tf.AvgPoolGradAttrs>(
  tf.AvgPoolGrad,
  ({ backend, inputs: { dy, input }, attrs }) => {
    const dx = allocate(backend, input.shape);
    const [dyAt, dxAt] = offsets(backend, dy, dx) as [number, number];
    training(backend).averagePoolGradient(dyAt, dxAt, ...poolOf(input.shape, attrs as PoolAttrs, dy).numbers);
    return dx;
  },
);

export const maxPoolKernel = wasmKernel<{ x: Info }, tf.MaxPoolAttrs>(
  tf.MaxPool,
  ({ backend, inputs: { x }, attrs }) => {
    const { numbers, outShape } = poolOf(x.shape, attrs);
    const y = allocate(backend, outShape);
    const [from, to] = offsets(backend, x, y) as [number, number];
    training(backend).maxPool(from, to, ...numbers);
    return y;
  },
);

/** Every dy goes to the first place of its window, in rows, that holds the maximum; the forward result says what that was. */
export const maxPoolGradKernel = wasmKernel<{ dy: Info; input: Info; output: Info }, tf.MaxPoolGradAttrs>(
  tf.MaxPoolGrad,
  ({ backend, inputs: { dy, input, output }, attrs }) => {
    const dx = allocate(backend, input.shape);
    const [dyAt, xAt, yAt, dxAt] = offsets(backend, dy, input, output, dx) as [number, number, number, number];
    training(backend).maxPoolGradient(dyAt, xAt, yAt, dxAt, ...poolOf(input.shape, attrs, dy).numbers);
    return dx;
  },
);

export const poolingKernels: readonly tf.KernelConfig[] = [
  avgPoolKernel,
  avgPoolGradKernel,
  maxPoolKernel,
  maxPoolGradKernel,
];
