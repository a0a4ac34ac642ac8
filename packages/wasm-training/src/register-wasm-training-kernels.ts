import * as tf from '@tensorflow/tfjs-core';
import { registerGradients } from './gradients/register-gradients.js';
import { batchMatMulKernel } from './kernels/batch-mat-mul.js';
import { conv2DBackpropFilterKernel } from './kernels/conv2d-backprop-filter.js';
import { conv2DBackpropInputKernel } from './kernels/conv2d-backprop-input.js';
import { conv2DKernel, fusedConv2DKernel } from './kernels/conv2d.js';
import { depthwiseBackpropFilterKernel, depthwiseBackpropInputKernel } from './kernels/depthwise-conv2d-backprop.js';
import { fusedBatchNormKernel } from './kernels/fused-batch-norm.js';
import { identityKernel } from './kernels/identity.js';
import { shippedKernels } from './kernels/kernel-calls.js';
import { maxPoolGradKernel } from './kernels/max-pool-grad.js';
import { meanKernel, sumKernel } from './kernels/reduce.js';
import { sliceKernel } from './kernels/slice.js';
import { tileKernel } from './kernels/tile.js';
import { unsortedSegmentSumKernel } from './kernels/unsorted-segment-sum.js';
import { activeWasmBackend } from './wasm-backend.js';

const kernels: readonly tf.KernelConfig[] = [
  batchMatMulKernel,
  conv2DBackpropFilterKernel,
  conv2DBackpropInputKernel,
  conv2DKernel,
  depthwiseBackpropFilterKernel,
  depthwiseBackpropInputKernel,
  fusedBatchNormKernel,
  fusedConv2DKernel,
  identityKernel,
  maxPoolGradKernel,
  meanKernel,
  sliceKernel,
  sumKernel,
  tileKernel,
  unsortedSegmentSumKernel,
];

/**
 * Teaches the wasm backend to train: registers the gradient kernels that it lacks, and faster ones for those it has slow.
 *
 * Call it once the wasm backend is ready; calling it again does nothing
 * (but call it after the import that registers the gradients). Nothing is registered by importing the package.
 *
 * Added: Conv2DBackpropFilter, DepthwiseConv2dNativeBackpropFilter and -Input, UnsortedSegmentSum (the gradient of `tf.gather`).
 * Replaced, with equal results up to rounding: Conv2DBackpropInput, Conv2D and FusedConv2D with few pixels and many channels,
 * BatchMatMul with transposes or batches, FusedBatchNorm, MaxPoolGrad, Sum and Mean over leading axes, Slice, Tile, Identity.
 * On wasm the gradients of Sum, Mean and FusedBatchNorm take fewer passes; other backends keep theirs.
 *
 * @throws ConfigError if the active backend is not wasm
 *
 * @example
 * await tf.setBackend('wasm');
 * await tf.ready();
 * registerWasmTrainingKernels();
 */
export function registerWasmTrainingKernels(): void {
  activeWasmBackend('registerWasmTrainingKernels');
  for (const kernel of kernels) {
    const present = tf.getKernel(kernel.kernelName, 'wasm');
    if (present === kernel) continue;
    if (present) {
      shippedKernels.set(kernel.kernelName, present);
      tf.unregisterKernel(kernel.kernelName, 'wasm');
    }
    tf.registerKernel(kernel);
  }
  registerGradients();
}
