import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { prepareBackend } from '../prepare-backend.js';
import { enableRelaxedSimd } from './enable-relaxed-simd.js';

// Other tests of this process are to find the engine as it was.
afterAll(() => setFlagsFromString('--no-experimental-wasm-relaxed-simd'));

it('enableRelaxedSimd has the kernels take fused multiply-add, which repeats bit for bit', async () => {
  expect(enableRelaxedSimd()).toBe(true);
  expect(enableRelaxedSimd()).toBe(true);
  await prepareBackend('wasm');
  expect(registerWasmTrainingKernels()).toEqual({ registered: true, relaxedSimd: true });
  const rng = createRng('relaxed');
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: 64 * 64 }, () => rng.normal())) as [
    Float32Array,
    Float32Array,
  ];
  const product = async () =>
    Array.from(await tf.tidy(() => tf.matMul(tf.tensor2d(a, [64, 64]), tf.tensor2d(b, [64, 64]))).data());
  const [first, second] = [await product(), await product()];
  expect(second).toEqual(first);
  for (let row = 0; row < 64; row++) {
    for (let column = 0; column < 64; column++) {
      let sum = 0;
      for (let k = 0; k < 64; k++) sum += a[64 * row + k]! * b[64 * k + column]!;
      expect(Math.abs(first[64 * row + column]! - sum)).toBeLessThan(1e-4);
    }
  }
});
