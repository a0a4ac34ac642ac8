import * as tf from '@tensorflow/tfjs-core';
import { type Backend, heapIndex, heapOf, type Info, release, reshaped, sizeOf, withShape } from '../wasm-backend.js';
import { callKernel, wasmKernel } from './kernel-calls.js';

// Notes. Sum and Mean over leading axes (bias gradients, batch statistics) transpose first in the shipped kernels. As an
// average pool over [outer, R, 1, channels] they take 0.14 ms instead of 1.04 ms ([32, 32, 32, 24] over the first three axes).
// ones · x as a matrix product packs x and is no faster (2.7 ms).

/** Reduced elements per channel below which the shipped kernel is as fast. */
const SHORT = 16;
/** Longest chain of additions before a second stage keeps the rounding error small. */
const LONG = 512;

/** Averages [outer, count, inner] over the middle axis. */
function averageMiddle(backend: Backend, x: Info, outer: number, count: number, inner: number): Info {
  if (count > LONG) {
    for (let divisor = Math.floor(Math.sqrt(count)); divisor >= 8; divisor--) {
      if (count % divisor !== 0) continue;
      const parts = averageMiddle(backend, x, outer * divisor, count / divisor, inner);
      const whole = averageMiddle(backend, parts, outer, divisor, inner);
      release(backend, parts);
      return whole;
    }
  }
  const attrs = { filterSize: [count, 1], strides: [1, 1], pad: 'valid' };
  return callKernel(backend, tf.AvgPool, { x: reshaped(x, [outer, count, 1, inner]) }, attrs);
}

function reduceKernel(kernelName: string, scale: (count: number) => number): tf.KernelConfig {
  return wasmKernel<{ x: Info }, { axis: number | number[]; keepDims: boolean }>(
    kernelName,
    ({ backend, inputs: { x }, attrs }) => {
      const axes = tf.util.parseAxisParam(attrs.axis, x.shape).sort((a, b) => a - b);
      const first = axes[0] ?? 0;
      const last = axes[axes.length - 1] ?? -1;
      const count = sizeOf(axes.map((axis) => x.shape[axis]!));
      const outer = sizeOf(x.shape.slice(0, first));
      const inner = sizeOf(x.shape.slice(last + 1));
      const contiguous = last - first + 1 === axes.length;
      if (x.dtype !== 'float32' || !contiguous || inner < 2 || outer === 0 || count < SHORT) {
        return callKernel(backend, kernelName, { x }, { ...attrs });
      }
      const mean = averageMiddle(backend, x, outer, count, inner);
      const factor = scale(count);
      if (factor !== 1) {
        const heap = heapOf(backend);
        const begin = heapIndex(backend, mean);
        for (let i = begin; i < begin + outer * inner; i++) heap[i]! *= factor;
      }
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      return withShape(backend, mean, attrs.keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis)));
    },
  );
}

export const sumKernel = reduceKernel(tf.Sum, (count) => count);
export const meanKernel = reduceKernel(tf.Mean, () => 1);
