import * as tf from '@tensorflow/tfjs-core';
import { prepareBackend } from '@opposable/training';
import { enableRelaxedSimd } from '@opposable/training/node';
import { startTensorFlow } from './start-tensorflow.js';
import { startWebGpu } from './start-webgpu.js';
import type { BackendEntry } from './types.js';

/** How the wasm backend was compiled, in words. */
async function vectorsText(): Promise<string> {
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return simd === true ? ` with ${enableRelaxedSimd() ? 'relaxed ' : ''}SIMD` : '';
}

/** By the names of the command line, in the order in which `auto` tries them. */
export const BACKEND_ENTRIES = {
  'node-gpu': {
    start: ({ importPackage }) => startTensorFlow(importPackage, 'node-gpu'),
    why: ', because @tensorflow/tfjs-node-gpu is installed and has a GPU',
  },
  node: {
    start: ({ importPackage }) => startTensorFlow(importPackage, 'node'),
    why: ', because @tensorflow/tfjs-node is installed',
  },
  webgpu: { start: startWebGpu, why: ', because there is a GPU that WebGPU reaches' },
  wasm: {
    start: () => prepareBackend('wasm'),
    why: async () => `${await vectorsText()}, the fastest that needs no installation`,
  },
  cpu: {
    start: () => prepareBackend('cpu'),
    why: ', because wasm does not start here; expect it to be many times slower',
  },
} as const satisfies Record<string, BackendEntry>;
