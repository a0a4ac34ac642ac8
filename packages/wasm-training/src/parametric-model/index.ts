import type * as tf from '@tensorflow/tfjs-core';
import { parametricModelGradKernel } from './model-gradient-kernel.js';
import { parametricModelKernel } from './model-kernel.js';
import { shapeIdentityKernel } from './shape-identity-kernel.js';

export { parametricModelGradient } from './model-gradient.js';

/** The fused model of the SMPL family, its gradient, and its shape part alone. */
export const parametricModelKernels: readonly tf.KernelConfig[] = [
  parametricModelGradKernel,
  parametricModelKernel,
  shapeIdentityKernel,
];
