import * as tf from '@tensorflow/tfjs-core';
import { training } from '../training-kernels/training-module.js';
import { allocate, type Info, sizeOf } from '../wasm-backend.js';
import { callKernel, wasmKernel } from './kernel-calls.js';

/** Bytes of a number. */
const NUMBER = 4;

/** A slice copied row by row inside the memory; the shipped kernel first copies the whole input out of it. */
export const sliceKernel = wasmKernel<{ x: Info }, tf.SliceAttrs>(tf.Slice, ({ backend, inputs: { x }, attrs }) => {
  const params = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size);
  const [begin, size] = params as [number[], number[]];
  const copied = x.dtype === 'float32' || x.dtype === 'int32';
  if (!copied || sizeOf(size) === 0) return callKernel(backend, tf.Slice, { x }, { ...attrs });
  const out = allocate(backend, size, x.dtype);
  const steps = [...tf.util.computeStrides(x.shape), 1].slice(-x.shape.length).map((stride) => NUMBER * stride);
  // Trailing axes taken whole join the row; the axis before it becomes the rows of one call.
  let axis = x.shape.length;
  while (axis > 0 && size[axis - 1] === x.shape[axis - 1]) axis--;
  const rowAxis = Math.max(0, axis - 1);
  const row = NUMBER * sizeOf(size.slice(rowAxis));
  const kernels = training(backend);
  let target = backend.getMemoryOffset(out.dataId);
  const copy = (depth: number, from: number): void => {
    if (depth === rowAxis) {
      kernels.copyRows(x.shape.length === 0 ? from : from + begin[depth]! * steps[depth]!, target, 1, row, row, row);
      target += row;
    } else if (depth === rowAxis - 1) {
      const start = from + begin[depth]! * steps[depth]! + begin[rowAxis]! * steps[rowAxis]!;
      kernels.copyRows(start, target, size[depth]!, row, steps[depth]!, row);
      target += row * size[depth]!;
    } else {
      for (let i = 0; i < size[depth]!; i++) copy(depth + 1, from + (begin[depth]! + i) * steps[depth]!);
    }
  };
  copy(0, backend.getMemoryOffset(x.dataId));
  return out;
});
