import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { milliseconds, row } from './measure.mjs';

const SIDE = 1024;
/** Multiplications and additions of the reference product. */
const REFERENCE_FLOP = 2 * SIDE ** 3;

export async function startWasm() {
  await tf.setBackend('wasm');
  await tf.ready();
}

/**
 * The reference of everything that computes on wasm: one product of two 1024 × 1024 matrices by the shipped `tf.matMul`,
 * measured in the same process. `T / x` says how often x goes into it, whatever the machine.
 */
export async function referenceProduct() {
  const [a, b] = [
    tf.randomUniform([SIDE, SIDE], -1, 1, 'float32', 1),
    tf.randomUniform([SIDE, SIDE], -1, 1, 'float32', 2),
  ];
  const ms = await milliseconds(() => tf.dispose(tf.matMul(a, b)), { warmUp: 4, minimum: 9 });
  tf.dispose([a, b]);
  const gigaflops = REFERENCE_FLOP / ms / 1e6;
  return { ms, gigaflops, row: row('T: 1024³ tf.matMul on wasm', ms, 'ms', `${gigaflops.toFixed(1)} GFLOP/s`) };
}

/** Seeded normal numbers on the active backend. */
export function noise(shape, seed) {
  return tf.randomNormal(shape, 0, 1, 'float32', seed);
}
