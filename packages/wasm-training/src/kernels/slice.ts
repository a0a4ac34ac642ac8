import * as tf from '@tensorflow/tfjs-core';
import { allocate, heapIndex, heapOf, type Info, sizeOf } from '../wasm-backend.js';
import { callKernel, wasmKernel } from './kernel-calls.js';

/** A slice copied row by row inside the memory; the shipped kernel first copies the whole input out of it. */
export const sliceKernel = wasmKernel<{ x: Info }, tf.SliceAttrs>(tf.Slice, ({ backend, inputs: { x }, attrs }) => {
  const params = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size);
  const [begin, size] = params as [number[], number[]];
  if (x.dtype !== 'float32' || sizeOf(size) === 0) return callKernel(backend, tf.Slice, { x }, { ...attrs });
  const out = allocate(backend, size);
  const heap = heapOf(backend);
  const strides = [...tf.util.computeStrides(x.shape), 1].slice(-x.shape.length);
  // Trailing axes taken whole join the row.
  let axis = x.shape.length;
  while (axis > 0 && size[axis - 1] === x.shape[axis - 1]) axis--;
  const rowAxis = Math.max(0, axis - 1);
  const row = sizeOf(size.slice(rowAxis));
  let target = heapIndex(backend, out);
  const copy = (depth: number, from: number): void => {
    if (depth === rowAxis) {
      const start = x.shape.length === 0 ? from : from + begin[depth]! * strides[depth]!;
      heap.copyWithin(target, start, start + row);
      target += row;
      return;
    }
    for (let i = 0; i < size[depth]!; i++) copy(depth + 1, from + (begin[depth]! + i) * strides[depth]!);
  };
  copy(0, heapIndex(backend, x));
  return out;
});
