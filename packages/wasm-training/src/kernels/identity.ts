import * as tf from '@tensorflow/tfjs-core';
import type { Backend, Info } from '../wasm-backend.js';
import { callKernel, wasmKernel } from './kernel-calls.js';

/**
 * A second reference to the same memory, as on every other backend.
 *
 * The shipped kernel copies, and the engine clones every tensor that a gradient will need: twice the activations.
 */
export const identityKernel = wasmKernel<{ x: Info }, object>(tf.Identity, ({ backend, inputs: { x } }) =>
  secondReference(backend, x),
);

/** The shipped kernel copies here too; the gradients of many operations end with a cast to the type that is there. */
export const castKernel = wasmKernel<{ x: Info }, tf.CastAttrs>(tf.Cast, ({ backend, inputs: { x }, attrs }) =>
  attrs.dtype === x.dtype ? secondReference(backend, x) : callKernel(backend, tf.Cast, { x }, { dtype: attrs.dtype }),
);

function secondReference(backend: Backend, { dataId, shape, dtype }: Info): Info {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
