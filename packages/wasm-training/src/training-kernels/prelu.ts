import * as tf from '@tensorflow/tfjs-core';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info, release, reshaped, sizeOf } from '../wasm-backend.js';
import { combine, planBroadcast } from './binary.js';

/** Number of x where x > 0, else x·α, in assembly/training/elementwise.ts. */
const SLOPED = 6;

/** α written out to the shape of x. */
function tiled(backend: Backend, alpha: Info, shape: readonly number[]): Info {
  const padded = [...shape.slice(alpha.shape.length).map(() => 1), ...alpha.shape];
  const reps = shape.map((size, axis) => (padded[axis] === 1 ? size : 1));
  return callKernel(backend, tf.Tile, { x: reshaped(alpha, padded) }, { reps });
}

/** A new tensor: x where x > 0, else α·x, with α broadcast to the shape of x; both float32. */
export function prelu(backend: Backend, x: Info, alpha: Info): Info {
  const plan = planBroadcast(x.shape, alpha.shape);
  if (plan) return combine(backend, SLOPED, x, alpha, plan);
  const slopes = tiled(backend, alpha, x.shape);
  const out = combine(backend, SLOPED, x, slopes, planBroadcast(x.shape, slopes.shape)!);
  release(backend, slopes);
  return out;
}

/**
 * `tf.prelu`. The shipped kernel keeps a copy of the slopes by tensor and does not see that an optimiser has written them in
 * place.
 */
export const preluKernel = wasmKernel<{ x: Info; alpha: Info }, object>(
  tf.Prelu,
  ({ backend, inputs: { x, alpha } }) => {
    const float = x.dtype === 'float32';
    if (float && sizeOf(x.shape) === 0) return allocate(backend, x.shape);
    const known = float && sizeOf(alpha.shape) > 0;
    return known ? prelu(backend, x, alpha) : callKernel(backend, tf.Prelu, { x, alpha });
  },
);
