import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';

/** The ways in which a model is computed. */
export const PATHS: readonly (readonly [name: string, start: () => Promise<void>])[] = [
  ['composed on cpu', () => startBackend('cpu')],
  ['composed on wasm', startWithoutKernels],
  [
    'fused on wasm',
    async () => {
      await startBackend('wasm');
      registerWasmTrainingKernels();
      if (tf.getKernel(FUSED, 'wasm') === undefined) throw new Error(`${FUSED} is not registered.`);
    },
  ],
];

const FUSED = 'OpposableParametricModel';

async function startWithoutKernels(): Promise<void> {
  await startBackend('wasm');
  if (tf.getKernel(FUSED, 'wasm') !== undefined) tf.unregisterKernel(FUSED, 'wasm');
}

async function startBackend(name: string): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
}
