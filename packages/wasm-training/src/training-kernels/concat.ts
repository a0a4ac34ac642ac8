import * as tf from '@tensorflow/tfjs-core';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

/** Bytes of a number of the types that are copied here. */
const NUMBER = 4;

const copied = (dtype: tf.DataType): boolean => dtype === 'float32' || dtype === 'int32';

/**
 * Copies between a tensor and its parts along an axis: every part is a column of rows of the whole.
 *
 * @param parts in their order along `axis`; together as long as `whole` there
 */
function copyParts(backend: Backend, whole: Info, parts: readonly Info[], axis: number, how: 'join' | 'split'): void {
  if (sizeOf(whole.shape) === 0) return;
  const rows = sizeOf(whole.shape.slice(0, axis));
  const step = NUMBER * sizeOf(whole.shape.slice(axis));
  const kernels = training(backend);
  let column = offsetOf(backend, whole);
  for (const part of parts) {
    const bytes = NUMBER * sizeOf(part.shape.slice(axis));
    if (bytes === 0) continue;
    const at = offsetOf(backend, part);
    if (how === 'join') kernels.copyRows(at, column, rows, bytes, bytes, step);
    else kernels.copyRows(column, at, rows, bytes, step, bytes);
    column += bytes;
  }
}

/** `tf.concat` row by row in the memory; the shipped kernel makes an object for every row. */
export const concatKernel = wasmKernel<Info[], tf.ConcatAttrs>(tf.Concat, ({ backend, inputs, attrs }) => {
  const first = inputs[0]!;
  if (!copied(first.dtype) || inputs.some(({ dtype }) => dtype !== first.dtype)) {
    return callKernel(backend, tf.Concat, inputs as unknown as Record<string, Info>, { ...attrs });
  }
  const axis = tf.util.parseAxisParam(attrs.axis, first.shape)[0]!;
  const shapes = inputs.map(({ shape }) => shape);
  tf.backend_util.assertParamsConsistent(shapes, axis);
  const out = allocate(backend, tf.backend_util.computeOutShape(shapes, axis), first.dtype);
  copyParts(backend, out, inputs, axis, 'join');
  return out;
});

/** `tf.split`, the gradient of `tf.concat`, in the same way; the shipped kernel copies the whole input once a part. */
export const splitVKernel = wasmKernel<{ x: Info }, tf.SplitVAttrs>(tf.SplitV, ({ backend, inputs: { x }, attrs }) => {
  const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
  const sizes = tf.backend_util.prepareSplitSize(x, attrs.numOrSizeSplits, axis);
  if (!copied(x.dtype)) return callKernel(backend, tf.SplitV, { x }, { ...attrs });
  const parts = sizes.map((length) =>
    allocate(
      backend,
      x.shape.map((size, i) => (i === axis ? length : size)),
      x.dtype,
    ),
  );
  copyParts(backend, x, parts, axis, 'split');
  return parts;
});
