import * as tf from '@tensorflow/tfjs-core';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf, scratchParts, viewOf } from './scratch.js';
import { training } from './training-module.js';

/** How the smaller operand lies under the larger one, seen as [outer, middle, inner]: it has no middle. */
export interface BroadcastPlan {
  outer: number;
  middle: number;
  inner: number;
}

/** @returns undefined if the sizes of `small` that are 1 where those of `full` are not do not stand next to each other */
export function planBroadcast(full: readonly number[], small: readonly number[]): BroadcastPlan | undefined {
  if (small.length > full.length) return undefined;
  const plan = { outer: 1, middle: 1, inner: 1 };
  let part: keyof BroadcastPlan = 'outer';
  for (let axis = 0; axis < full.length; axis++) {
    const size = full[axis]!;
    const other = small[axis - (full.length - small.length)] ?? 1;
    if (size === 1) {
      if (other !== 1) return undefined;
      continue;
    }
    if (other !== 1 && other !== size) return undefined;
    if (other === 1 && part === 'inner') return undefined;
    if (other === 1) part = 'middle';
    else if (part === 'middle') part = 'inner';
    plan[part] *= size;
  }
  return plan;
}

/** Numbers of the smaller operand written out side by side, so that short rows fill the vectors. */
const TILE = 64;

/** full ∘ small; `operation` as in assembly/training/elementwise.ts. */
export function combine(backend: Backend, operation: number, full: Info, small: Info, plan: BroadcastPlan): Info {
  const out = allocate(backend, full.shape);
  const [a, b, to] = [full, small, out].map((tensor) => offsetOf(backend, tensor)) as [number, number, number];
  const { outer, middle, inner } = plan;
  const kernels = training(backend);
  if (middle === 1) {
    kernels.binary(operation, a, b, to, 1, outer * inner, outer * inner);
  } else if (inner === 1) {
    kernels.binarySingle(operation, a, b, to, outer, middle);
  } else if (inner >= TILE || middle < 2 * Math.ceil(TILE / inner)) {
    kernels.binary(operation, a, b, to, outer, middle * inner, inner);
  } else {
    const period = inner * Math.ceil(TILE / inner);
    const [at] = scratchParts(backend, 4 * outer * period);
    const source = viewOf.floats(backend, b, outer * inner);
    const tiles = viewOf.floats(backend, at, outer * period);
    for (let i = 0, o = 0; o < outer; o++) {
      for (let j = 0, c = 0; j < period; j++) {
        tiles[i++] = source[o * inner + c]!;
        if (++c === inner) c = 0;
      }
    }
    kernels.binary(operation, a, at, to, outer, middle * inner, period);
  }
  return out;
}

/** @param reversed the operation with the operands exchanged */
function binaryKernel(kernelName: string, operation: number, reversed: number): tf.KernelConfig {
  return wasmKernel<{ a: Info; b: Info }, object>(kernelName, ({ backend, inputs: { a, b } }) => {
    if (a.dtype === 'float32' && b.dtype === 'float32') {
      const [sizeA, sizeB] = [sizeOf(a.shape), sizeOf(b.shape)];
      if (sizeA * sizeB > 0) {
        const straight = sizeA >= sizeB ? planBroadcast(a.shape, b.shape) : undefined;
        if (straight) return combine(backend, operation, a, b, straight);
        const swapped = planBroadcast(b.shape, a.shape);
        if (swapped) return combine(backend, reversed, b, a, swapped);
      }
    }
    return callKernel(backend, kernelName, { a, b });
  });
}

/** a ∘ b where one has the shape of the result and the other spreads over neighbouring axes; else the shipped kernel. */
export const binaryKernels: readonly tf.KernelConfig[] = [
  binaryKernel(tf.Add, 0, 0),
  binaryKernel(tf.Sub, 1, 4),
  binaryKernel(tf.Multiply, 2, 2),
  binaryKernel(tf.RealDiv, 3, 5),
];
