import type * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { tensorOf } from './columns.js';
import { offsetOf, scratchParts, viewOf } from './scratch.js';
import { training } from './training-module.js';

// Notes. In place, with `written` where the inputs lie, a step moves the same numbers but makes and frees no memory: for the
// 11.7 million numbers of a ResNet-18 that was 140 MB a step.
// One flat block for all variables instead of a table of blocks: no gain. ResNet-18's 62 variables take 9.07 ms by the table and as
// one block 9.00 ms (28 bytes a number, 36 GB/s: the memory is what takes the time), and variables that are views of one block
// cannot be had safely: the backend frees a tensor by its offset, and `assign` gives a variable another tensor.

/** Inputs of the optimisers: all variables of a model by role and place, as in `value0`, `gradient0`, `value1` … */
type Blocks = Record<string, Info>;

/** Numbers of one row of the kernels' tables. */
const ROW = 8;

interface TableOptions {
  roles: readonly string[];
  /** Those of the roles that change. */
  written: readonly string[];
  /** Whether they change where they lie; else new tensors get them. */
  inPlace?: boolean | undefined;
}

/** A table of the offsets of all blocks for the native kernel, and the tensors made for what is written. */
function tableOf(backend: Backend, inputs: Blocks, { roles, written, inPlace = false }: TableOptions) {
  const rows = Object.keys(inputs).length / roles.length;
  const outputs: Info[] = [];
  for (let i = 0; i < rows && !inPlace; i++) {
    for (let k = 0; k < written.length; k++) outputs.push(allocate(backend, inputs[`value${i}`]!.shape));
  }
  const [at] = scratchParts(backend, 4 * ROW * rows);
  const table = viewOf.integers(backend, at, ROW * rows).fill(0);
  for (let i = 0; i < rows; i++) {
    const offsets = roles.map((role) => offsetOf(backend, inputs[`${role}${i}`]!));
    written.forEach((role, k) => {
      offsets.push(offsetOf(backend, inPlace ? inputs[`${role}${i}`]! : outputs[i * written.length + k]!));
    });
    table.set(offsets, ROW * i);
    table[ROW * i + ROW - 1] = sizeOf(inputs[`value${i}`]!.shape);
  }
  return { at, rows, outputs };
}

export interface FusedAdamAttrs {
  /** η·√(1 − β₂ᵗ)/(1 − β₁ᵗ). */
  rate: number;
  beta1: number;
  beta2: number;
  /** ε·√(1 − β₂ᵗ). */
  epsilon: number;
  /** λ of the classic weight decay. */
  l2: number;
  /** 1 − η·λ of the decoupled one. */
  keep: number;
  /** Writes values and moments where they lie, and gives nothing back. Default `false`. */
  inPlace?: boolean;
}

/**
 * Adam and AdamW for all variables in one call; the same numbers give the same bits.
 *
 * Inputs `value<i>`, `gradient<i>`, `firstMoment<i>`, `secondMoment<i>`; outputs in the order new value, first and second moment of each i.
 */
export const fusedAdamKernel = wasmKernel<Blocks, FusedAdamAttrs>('OpposableAdam', ({ backend, inputs, attrs }) => {
  const roles = ['value', 'gradient', 'firstMoment', 'secondMoment'];
  const { rate, beta1, beta2, epsilon, l2, keep, inPlace } = attrs;
  const written = ['value', 'firstMoment', 'secondMoment'];
  const { at, rows, outputs } = tableOf(backend, inputs, { roles, written, inPlace });
  training(backend).adam(at, rows, rate, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, l2, keep);
  return outputs;
});

export interface FusedSgdAttrs {
  /** η. */
  rate: number;
  /** μ; 0: no velocity is read or written. */
  momentum: number;
  l2: number;
  keep: number;
  inPlace?: boolean;
}

/**
 * Gradient descent for all variables in one call.
 *
 * Inputs `value<i>`, `gradient<i>` and, with momentum, `velocity<i>`; outputs new value and, with momentum, velocity of each i.
 */
export const fusedSgdKernel = wasmKernel<Blocks, FusedSgdAttrs>('OpposableSgd', ({ backend, inputs, attrs }) => {
  const { rate, momentum, l2, keep, inPlace } = attrs;
  const kept = momentum === 0 ? [] : ['velocity'];
  const roles = ['value', 'gradient', ...kept];
  const { at, rows, outputs } = tableOf(backend, inputs, { roles, written: ['value', ...kept], inPlace });
  const kernels = training(backend);
  if (momentum === 0) kernels.sgd(at, rows, rate, l2, keep);
  else kernels.sgdWithMomentum(at, rows, rate, momentum, l2, keep);
  return outputs;
});

/**
 * Scales all gradients by min(1, maxNorm/‖g‖), the norm in double precision.
 *
 * Inputs `value<i>`; outputs the scaled ones in order (none with `inPlace`), then ‖g‖ before scaling as a scalar.
 */
export const clipByGlobalNormKernel = wasmKernel<Blocks, { maxNorm: number; inPlace?: boolean }>(
  'OpposableClipByGlobalNorm',
  ({ backend, inputs, attrs }) => {
    const { maxNorm, inPlace } = attrs;
    const { at, rows, outputs } = tableOf(backend, inputs, { roles: ['value'], written: ['value'], inPlace });
    const norm = Math.sqrt(training(backend).sumOfSquares(at, rows));
    const factor = Math.min(1, maxNorm / Math.max(norm, 1e-30));
    if (!inPlace || factor < 1) training(backend).scaleBlocks(at, rows, factor);
    return [...outputs, tensorOf(backend, [], [norm])];
  },
);

export const optimizerKernels: readonly tf.KernelConfig[] = [fusedAdamKernel, fusedSgdKernel, clipByGlobalNormKernel];
