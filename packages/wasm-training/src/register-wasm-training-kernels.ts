import * as tf from '@tensorflow/tfjs-core';
import { batchMatMulKernel } from './kernels/batch-mat-mul.js';
import { conv2DBackpropFilterKernel } from './kernels/conv2d-backprop-filter.js';
import { conv2DBackpropInputKernel } from './kernels/conv2d-backprop-input.js';
import { shippedKernels } from './kernels/kernel-calls.js';
import { unsortedSegmentSumKernel } from './kernels/unsorted-segment-sum.js';
import { activeWasmBackend } from './wasm-backend.js';

const kernels: readonly tf.KernelConfig[] = [
  batchMatMulKernel,
  conv2DBackpropFilterKernel,
  conv2DBackpropInputKernel,
  unsortedSegmentSumKernel,
];

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
}
