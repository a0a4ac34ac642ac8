import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels, wasmFeatures } from '@opposable/wasm-training';
import { prepareBackend } from '../prepare-backend.js';
import { enableRelaxedSimd } from './enable-relaxed-simd.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

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

/** A thread with a backend of its own, which does not switch anything on itself; it runs the build. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData).then(async ({ reportOfThread }) => parentPort.postMessage(await reportOfThread()));`;
const MODULE = `
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-wasm';
import { prepareBackend } from '@opposable/training';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
export async function reportOfThread() {
  await prepareBackend('wasm');
  return registerWasmTrainingKernels();
}`;

it('the switch reaches threads: one started before has the engine as it was, two started after fuse', async () => {
  setFlagsFromString('--no-experimental-wasm-relaxed-simd');
  const without = wasmFeatures().relaxedSimd; // later engines have it in any case
  await mkdir(join(PACKAGE, 'out-tsc'), { recursive: true });
  const folder = await mkdtemp(join(PACKAGE, 'out-tsc', 'relaxed-')); // imports resolve as the package's own do
  try {
    const file = join(folder, 'report.mjs');
    await writeFile(file, MODULE);
    const report = async () => {
      const worker = new Worker(THREAD, { eval: true, workerData: pathToFileURL(file).href });
      const [message] = (await once(worker, 'message')) as [unknown];
      await worker.terminate();
      return message;
    };
    expect(await report()).toEqual({ registered: true, relaxedSimd: without });
    expect(enableRelaxedSimd()).toBe(true);
    const fused = { registered: true, relaxedSimd: true };
    expect(await Promise.all([report(), report()])).toEqual([fused, fused]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
