import * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Info } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

interface Convention {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

/** Input pixels per output pixel along one axis. */
function scaleOf(inSize: number, outSize: number, { alignCorners }: Convention): number {
  return alignCorners && outSize > 1 ? (inSize - 1) / (outSize - 1) : inSize / outSize;
}

/** What the native kernels take after the two tensors. */
function geometryOf(inShape: number[], outShape: number[], convention: Convention) {
  const [batch, inHeight, inWidth, channels] = inShape as [number, number, number, number];
  const [, outHeight, outWidth] = outShape as [number, number, number, number];
  const [row, column] = [scaleOf(inHeight, outHeight, convention), scaleOf(inWidth, outWidth, convention)];
  const half = convention.halfPixelCenters ? 1 : 0;
  return [batch, inHeight, inWidth, channels, outHeight, outWidth, row, column, half] as const;
}

/** The transpose of the forward pass in both pixel-centre conventions; the shipped one ignores `halfPixelCenters`. */
export const resizeBilinearGradKernel = wasmKernel<{ images: Info; dy: Info }, Convention>(
  tf.ResizeBilinearGrad,
  ({ backend, inputs: { images, dy }, attrs }) => {
    const dx = allocate(backend, images.shape);
    const geometry = geometryOf(images.shape, dy.shape, attrs);
    training(backend).resizeBilinearGradient(offsetOf(backend, dy), offsetOf(backend, dx), ...geometry);
    return dx;
  },
);
