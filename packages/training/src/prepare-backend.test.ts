import * as tf from '@tensorflow/tfjs-core';
import { prepareBackend } from './prepare-backend.js';

describe('prepareBackend', () => {
  it('makes wasm able to train', async () => {
    await prepareBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.getKernel(tf.Conv2DBackpropFilter, 'wasm')).toBeDefined();
  });

  it('names the backends that are there', async () => {
    await expect(prepareBackend('webgpu')).rejects.toThrow(
      /^prepareBackend: cannot use backend "webgpu", its package is not imported; imported are .*"wasm".*\.$/,
    );
  });
});
