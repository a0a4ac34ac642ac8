import * as tf from '@tensorflow/tfjs-core';
import { registerWebGpuKernels } from './register-webgpu-kernels.js';

it('registerWebGpuKernels says why nothing is registered on another backend', async () => {
  await tf.setBackend('cpu');
  expect(registerWebGpuKernels()).toEqual({ registered: false, reason: 'The active backend is "cpu", not "webgpu".' });
  expect(tf.getKernel('OpposableParametricModel', 'webgpu')).toBeUndefined();
});
