import * as tf from '@tensorflow/tfjs-core';
import { registerGradients } from './gradients/register-gradients.js';
import { batchMatMulKernel, fusedMatMulKernel } from './kernels/batch-mat-mul.js';
import { conv2DBackpropFilterKernel } from './kernels/conv2d-backprop-filter.js';
import { conv2DBackpropInputKernel } from './kernels/conv2d-backprop-input.js';
import { conv2DKernel, fusedConv2DKernel } from './kernels/conv2d.js';
import {
  depthwiseBackpropFilterKernel,
  depthwiseBackpropInputKernel,
  depthwiseConvKernel,
  fusedDepthwiseConvKernel,
} from './kernels/depthwise-conv2d.js';
import { castKernel, identityKernel } from './kernels/identity.js';
import { trainConv2D } from './layers/conv2d-in-training.js';
import { fuseBatchNormalization } from './layers/fuse-batch-normalization.js';
import { shippedKernels } from './kernels/kernel-calls.js';
import { sliceKernel } from './kernels/slice.js';
import { tileKernel } from './kernels/tile.js';
import { gemmModule } from './generated/gemm.js';
import { parametricModelModule } from './generated/parametric-model.js';
import { trainingModule } from './generated/training.js';
import { wasmFeatures } from './native/features.js';
import type { KernelModule } from './native/kernel-module.js';
import { compileModules, memoryObjectOf } from './native/load-kernels.js';
import { parametricModelKernels } from './parametric-model/index.js';
import { trainingKernels } from './training-kernels/index.js';
import type { Backend } from './wasm-backend.js';

const nativeModules: readonly KernelModule<unknown>[] = [gemmModule, parametricModelModule, trainingModule];

const kernels: readonly tf.KernelConfig[] = [
  batchMatMulKernel,
  castKernel,
  conv2DBackpropFilterKernel,
  conv2DBackpropInputKernel,
  conv2DKernel,
  depthwiseBackpropFilterKernel,
  depthwiseBackpropInputKernel,
  depthwiseConvKernel,
  fusedConv2DKernel,
  fusedDepthwiseConvKernel,
  fusedMatMulKernel,
  identityKernel,
  sliceKernel,
  tileKernel,
  ...parametricModelKernels,
  ...trainingKernels,
];

/** What {@link registerWasmTrainingKernels} did. */
export type Registration =
  | { registered: true; /** Whether fused multiply-add is used. */ relaxedSimd: boolean }
  | { registered: false; /** One sentence. */ reason: string };

/**
 * Teaches the wasm backend to train: registers the gradient kernels that it lacks, and faster ones for those it has slow.
 *
 * Call it once the wasm backend is ready; calling it again does nothing
 * (but call it after the import that registers the gradients). Nothing is registered by importing the package.
 *
 * Added: Conv2DBackpropFilter, DepthwiseConv2dNativeBackpropFilter and -Input, UnsortedSegmentSum (the gradient of `tf.gather`),
 * Einsum, and kernels of this package's own for optimisers, normalisation, sampling and sparse products.
 * Replaced, with equal results up to rounding: convolutions and matrix products, FusedBatchNorm, Add, Sub, Multiply and RealDiv
 * with broadcasts, Sum and Mean over neighbouring axes, GatherV2, PadV2, Slice, Concat, SplitV, Tile, Transform, Identity, Cast, MaxPoolGrad;
 * corrected: AvgPoolGrad where a window meets the border, ResizeBilinearGrad with half-pixel centres, GatherV2 with batch dimensions.
 * On wasm the gradients of Sum, Mean, Relu, GatherV2 and FusedBatchNorm take fewer passes; other backends keep theirs. Einsum,
 * GatherNd and ScatterNd get gradients on every backend. The `BatchNormalization` layer of tfjs-layers, if it is loaded, takes the
 * fused kernels in training; its `Conv2D` computes the gradient of images only where it is asked for. Convolutions with dilation,
 * depthwise ones too, get a gradient on wasm.
 *
 * @returns whether anything was registered: on another backend, or in an engine without SIMD, nothing is, and TensorFlow.js stays
 *   as it was
 *
 * @example
 * await tf.setBackend('wasm');
 * await tf.ready();
 * registerWasmTrainingKernels();
 */
export function registerWasmTrainingKernels(): Registration {
  const name = tf.getBackend();
  if (name !== 'wasm') {
    return { registered: false, reason: `The active backend is ${name ? `"${name}"` : 'none'}, not "wasm".` };
  }
  const { simd, relaxedSimd } = wasmFeatures();
  if (!simd) return { registered: false, reason: 'This engine has no WebAssembly SIMD.' };
  if (memoryObjectOf(tf.backend() as unknown as Backend) === undefined) {
    return { registered: false, reason: 'This build of the wasm backend does not show its memory.' };
  }
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
  fuseBatchNormalization();
  trainConv2D();
  return { registered: true, relaxedSimd };
}

/**
 * The same, compiling without blocking: for engines that refuse to compile WebAssembly at once on a page's main thread
 * (all current ones allow it for modules as small as these).
 */
export async function registerWasmTrainingKernelsAsync(): Promise<Registration> {
  if (tf.getBackend() === 'wasm' && wasmFeatures().simd) {
    await compileModules(tf.backend() as unknown as Backend, nativeModules);
  }
  return registerWasmTrainingKernels();
}
