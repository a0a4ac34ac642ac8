import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import { registerWebGpuKernels } from '@opposable/webgpu-kernels';

/**
 * Starts the webgpu backend with the fused kernels. In a file of its own, which is loaded only where there is an adapter.
 *
 * @returns why there are no fused kernels, a sentence; undefined where there are
 */
export async function startWebGpu(): Promise<string | undefined> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('the browser gives no WebGPU device.');
  await tf.ready();
  const registration = registerWebGpuKernels();
  return registration.registered ? undefined : registration.reason;
}
