import * as tf from '@tensorflow/tfjs-core';
import { type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { finishActivation, type FusedActivation } from './activation.js';
import { callKernel, wasmKernel } from './kernel-calls.js';
import { matrixProducts } from './matrix-product.js';

/** The axes of a matrix, or of a batch of them. */
function matricesOf(tensor: Info) {
  const [rows, columns] = tensor.shape.slice(-2) as [number, number];
  const outer = tensor.shape.slice(0, -2);
  return { rows, columns, outer, count: sizeOf(outer) };
}

/**
 * Matrix products with transposes, batches and broadcast batches.
 *
 * @param a […, M, K], or […, K, M] with `transposeA`
 * @param b […, K, N], or […, N, K] with `transposeB`
 * @returns […, M, N]
 */
export function matMul(backend: Backend, a: Info, b: Info, transposeA: boolean, transposeB: boolean): Info {
  const [left, right] = [matricesOf(a), matricesOf(b)];
  const [m, k] = transposeA ? [left.columns, left.rows] : [left.rows, left.columns];
  const n = transposeB ? right.rows : right.columns;
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(left.outer, right.outer);
  const count = sizeOf(outer);
  const uneven = [left.count, right.count].some((size) => size !== 1 && size !== count);
  const matching = (transposeB ? right.columns : right.rows) === k;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || uneven || !matching) {
    return callKernel(backend, tf.BatchMatMul, { a, b }, { transposeA, transposeB });
  }
  const out = backend.makeOutput([...outer, m, n], 'float32');
  if (m * n * count === 0) return out;
  matrixProducts(backend, {
    m,
    n,
    k,
    count,
    transposeA,
    transposeB,
    a: backend.getMemoryOffset(a.dataId),
    b: backend.getMemoryOffset(b.dataId),
    out: backend.getMemoryOffset(out.dataId),
    aStep: left.count === 1 ? 0 : 4 * m * k,
    bStep: right.count === 1 ? 0 : 4 * k * n,
  });
  return out;
}

export const batchMatMulKernel = wasmKernel<{ a: Info; b: Info }, tf.BatchMatMulAttrs>(
  tf.BatchMatMul,
  ({ backend, inputs, attrs }) => matMul(backend, inputs.a, inputs.b, attrs.transposeA, attrs.transposeB),
);

export const fusedMatMulKernel = wasmKernel<
  { a: Info; b: Info; bias?: Info | null; preluActivationWeights?: Info | null },
  FusedActivation & { transposeA: boolean; transposeB: boolean }
>(tf._FusedMatMul, ({ backend, inputs, attrs }) => {
  const product = matMul(backend, inputs.a, inputs.b, attrs.transposeA, attrs.transposeB);
  const { bias, preluActivationWeights: alpha } = inputs;
  return finishActivation(backend, product, bias, alpha, attrs);
});
