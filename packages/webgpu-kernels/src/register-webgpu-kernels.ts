import * as tf from '@tensorflow/tfjs-core';
import { parametricModelGradient } from './parametric-model/model-gradient.js';
import { parametricModelGradKernel } from './parametric-model/model-gradient-kernel.js';
import { parametricModelKernel } from './parametric-model/model-kernel.js';
import { shapeIdentityKernel } from './parametric-model/shape-identity-kernel.js';

const kernels: readonly tf.KernelConfig[] = [parametricModelKernel, parametricModelGradKernel, shapeIdentityKernel];

/** What {@link registerWebGpuKernels} did. */
export type Registration = { registered: true } | { registered: false; /** One sentence. */ reason: string };

/**
 * Gives the webgpu backend the fused kernels of this package: a whole model of the SMPL family in two dispatches and its gradient
 * in two more, which `@opposable/skinning` and the MANO layer find by name.
 *
 * Call it once the webgpu backend is ready; calling it again does nothing. Nothing is registered by importing the package.
 *
 * @returns whether the kernels are registered: on another backend nothing is
 *
 * @example
 * await tf.setBackend('webgpu');
 * registerWebGpuKernels();
 */
export function registerWebGpuKernels(): Registration {
  const name = tf.getBackend();
  if (name !== 'webgpu') {
    return { registered: false, reason: `The active backend is ${name ? `"${name}"` : 'none'}, not "webgpu".` };
  }
  const { recordAndSubmit, uploadToGPU } = tf.backend() as unknown as Record<string, unknown>;
  if (typeof recordAndSubmit !== 'function' || typeof uploadToGPU !== 'function') {
    return { registered: false, reason: 'This version of the webgpu backend takes no programs from outside.' };
  }
  for (const kernel of kernels) {
    if (tf.getKernel(kernel.kernelName, 'webgpu') === undefined) tf.registerKernel(kernel);
  }
  if (tf.getGradient(parametricModelGradient.kernelName) === undefined) tf.registerGradient(parametricModelGradient);
  return { registered: true };
}
