import * as tf from '@tensorflow/tfjs-core';
import {
  aliasOf,
  type Backend,
  heapIndex,
  heapOf,
  type Info,
  release,
  releaseAlias,
  reshaped,
  sizeOf,
  withShape,
} from '../wasm-backend.js';
import { callKernel, matMul2d, wasmKernel } from './kernel-calls.js';
import { matMulTransposed } from './mat-mul-transposed.js';
import { transposeMatrices } from './transpose-matrix.js';

/** Multiply-adds of one product below which the shipped loop is as fast as transposing or splitting the batch. */
const SMALL_PRODUCT = 2048;

/**
 * Matrix product with transposes and batches at the speed of the plain 2-D product.
 *
 * The shipped kernel runs at 34–45 GFLOP/s for one untransposed product and at 1–3.5 GFLOP/s for anything else
 * (one core, measured): so transposes are done first, and a batch is a loop over plain products on views of the memory.
 */
function batchMatMul(backend: Backend, a: Info, b: Info, transposeA: boolean, transposeB: boolean): Info {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? rowsB : columnsB;
  const batchA = sizeOf(a.shape.slice(0, -2));
  const batchB = sizeOf(b.shape.slice(0, -2));
  const plain = !transposeA && !transposeB && batchA === 1 && batchB === 1;
  const supported = a.dtype === 'float32' && b.dtype === 'float32' && (transposeB ? columnsB : rowsB) === k;
  if (plain || !supported || batchA === 0 || batchB === 0 || m * n * k < SMALL_PRODUCT) {
    return callKernel(backend, tf.BatchMatMul, { a, b }, { transposeA, transposeB });
  }
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = sizeOf(outer);
  if ((batchA !== 1 && batchA !== batch) || (batchB !== 1 && batchB !== batch)) {
    return callKernel(backend, tf.BatchMatMul, { a, b }, { transposeA, transposeB });
  }
  if (transposeB && !transposeA && batchB === 1) {
    const product = matMulTransposed(backend, reshaped(a, [batchA * m, k]), reshaped(b, [n, k]));
    return withShape(backend, product, [...outer, m, n]);
  }
  const left = transposeA ? transposeMatrices(backend, a, batchA, rowsA, columnsA) : a;
  const right = transposeB ? transposeMatrices(backend, b, batchB, rowsB, columnsB) : b;
  const out = multiply(backend, { left, right, batchA, batchB, m, k, n });
  if (transposeA) release(backend, left);
  if (transposeB) release(backend, right);
  return withShape(backend, out, [...outer, m, n]);
}

interface Products {
  left: Info;
  right: Info;
  batchA: number;
  batchB: number;
  m: number;
  k: number;
  n: number;
}

function multiply(backend: Backend, { left, right, batchA, batchB, m, k, n }: Products): Info {
  if (batchB === 1) return matMul2d(backend, reshaped(left, [batchA * m, k]), reshaped(right, [k, n]));
  const out = backend.makeOutput([batchB, m, n], 'float32');
  for (let i = 0; i < batchB; i++) {
    const a = aliasOf(backend, left, [m, k], batchA === 1 ? 0 : i * m * k);
    const b = aliasOf(backend, right, [k, n], i * k * n);
    const product = matMul2d(backend, a, b);
    const from = heapIndex(backend, product);
    heapOf(backend).copyWithin(heapIndex(backend, out) + i * m * n, from, from + m * n);
    release(backend, product);
    releaseAlias(backend, a);
    releaseAlias(backend, b);
  }
  return out;
}

export const batchMatMulKernel = wasmKernel<{ a: Info; b: Info }, tf.BatchMatMulAttrs>(
  tf.BatchMatMul,
  ({ backend, inputs, attrs }) => batchMatMul(backend, inputs.a, inputs.b, attrs.transposeA, attrs.transposeB),
);
