import * as tf from '@tensorflow/tfjs-core';
import type { Info } from '../wasm-backend.js';
import { wasmKernel } from './kernel-calls.js';

/**
 * A second reference to the same memory, as on every other backend.
 *
 * The shipped kernel copies, and the engine clones every tensor that a gradient will need: twice the activations.
 */
export const identityKernel = wasmKernel<{ x: Info }, object>(tf.Identity, ({ backend, inputs: { x } }) => {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
});
