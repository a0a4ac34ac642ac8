import { wasmKernel } from '../kernels/kernel-calls.js';
import { type Info, sizeOf } from '../wasm-backend.js';
import { tensorOf, valuesOf } from './columns.js';

// Notes. A step of the small heat-map network, 8 images of 64 px, one core of a noisy machine: 679 kernels and 37 to 43 ms (fewest of 40
// steps, three runs) with three operations for each average, 407 kernels and 33 to 37 ms with this one.

export const RUNNING_AVERAGE = 'OpposableRunningAverage';

export interface RunningAverageAttrs {
  momentum: number;
}

/**
 * average − (average − value)·(1 − momentum), rounded to 32 bits after every operation. It has no gradient, so the tape saves
 * nothing for it; for three operations it would save six tensors, for each of the two averages of every normalisation.
 */
export const runningAverageKernel = wasmKernel<{ average: Info; value: Info }, RunningAverageAttrs>(
  RUNNING_AVERAGE,
  ({ backend, inputs: { average, value }, attrs: { momentum } }) => {
    const { fround } = Math;
    const size = sizeOf(average.shape);
    const next = valuesOf(backend, average, size);
    const towards = valuesOf(backend, value, size);
    const rate = fround(1 - momentum);
    for (let i = 0; i < size; i++) next[i]! -= fround(fround(next[i]! - towards[i]!) * rate);
    return tensorOf(backend, average.shape, next);
  },
);
