import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers'; // registers the gradients of all kernels
import { prepareBackend } from '@opposable/training';
import { enableRelaxedSimd } from '@opposable/training/node';

/** What can compute here. */
export const BACKENDS = ['auto', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/**
 * Has WebAssembly compiled by the optimising compiler at once. With the quick one first, some of the backend's loops stay
 * in its slow code for minutes: two replicas trained 600 images a second instead of 800.
 */
function compileForSpeed(): void {
  setFlagsFromString('--no-liftoff');
}

/**
 * Starts a backend, with the kernels that training needs; 'auto' takes wasm, and cpu where wasm does not start.
 *
 * @returns a sentence that says which one and why
 * @throws ConfigError if the one asked for does not start
 */
export async function chooseBackend(name: BackendName = 'auto'): Promise<string> {
  compileForSpeed();
  const relaxedSimd = enableRelaxedSimd();
  if (name !== 'auto') {
    await prepareBackend(name);
    return `Backend: ${name}, as asked for.`;
  }
  try {
    await prepareBackend('wasm');
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    const vectors = simd === true ? ` with ${relaxedSimd ? 'relaxed ' : ''}SIMD` : '';
    return `Backend: wasm${vectors}, the fastest that needs no installation.`;
  } catch {
    await prepareBackend('cpu');
    return 'Backend: cpu, because wasm does not start here; expect it to be many times slower.';
  }
}
