import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';

const FUSED = 'OpposableParametricModel';

/** The ways in which a model is computed; by `npm run test:webgpu` those of its backend, which the set-up has registered. */
export const PATHS: readonly (readonly [name: string, start: () => Promise<void>])[] =
  process.env['OPPOSABLE_TEST_BACKEND'] === 'webgpu'
    ? [['fused on webgpu', () => startFused('webgpu')]]
    : [
        ['composed on cpu', () => startBackend('cpu')],
        ['composed on wasm', startWithoutKernels],
        ['fused on wasm', () => startFused('wasm')],
      ];

async function startFused(name: string): Promise<void> {
  await startBackend(name);
  if (name === 'wasm') registerWasmTrainingKernels();
  if (tf.getKernel(FUSED, name) === undefined) throw new Error(`${FUSED} is not registered.`);
}

async function startWithoutKernels(): Promise<void> {
  await startBackend('wasm');
  if (tf.getKernel(FUSED, 'wasm') !== undefined) tf.unregisterKernel(FUSED, 'wasm');
}

async function startBackend(name: string): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
}
