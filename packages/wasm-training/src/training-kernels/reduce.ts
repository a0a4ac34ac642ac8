import * as tf from '@tensorflow/tfjs-core';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { allocateZeros, type Info, sizeOf, withShape } from '../wasm-backend.js';
import { sumColumns } from './columns.js';

// Notes. Sum and Mean over leading axes (bias gradients, batch statistics) transpose first in the shipped kernels: 1.04 ms for
// [32, 32, 32, 24] over the first three axes.

/** Numbers to sum below which the shipped kernel is as fast: with channels left over, and without. */
const SHORT = 16;
const SHORT_ROW = 64;

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
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      const outShape = attrs.keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
      // The shipped kernel leaves the result of no numbers as the memory was; on cpu the mean of none is 0, too.
      if (count === 0 && x.dtype === 'float32') return allocateZeros(backend, outShape);
      const contiguous = last - first + 1 === axes.length;
      const short = count < (inner === 1 ? SHORT_ROW : SHORT);
      if (x.dtype !== 'float32' || !contiguous || outer * inner === 0 || short) {
        return callKernel(backend, kernelName, { x }, { ...attrs });
      }
      const sum = sumColumns(backend, x, { outer, count, inner }, scale(count));
      return withShape(backend, sum, outShape);
    },
  );
}

/** Sum over neighbouring axes; other sums go to the shipped kernel. */
export const sumKernel = reduceKernel(tf.Sum, () => 1);
export const meanKernel = reduceKernel(tf.Mean, (count) => 1 / count);
