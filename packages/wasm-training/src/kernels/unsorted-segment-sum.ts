import * as tf from '@tensorflow/tfjs-core';
import { type Backend, heapIndex, type Info, memoryOf, sizeOf } from '../wasm-backend.js';
import { wasmKernel } from './kernel-calls.js';

/**
 * out[id, …] = Σ of the rows of x whose segment id is `id`; ids outside [0, numSegments) are left out, as on cpu.
 * (`scatterND` would do the same but writes outside its output for negative ids.)
 *
 * @param x [N, …], float32 or int32
 * @param segmentIds [N]
 * @returns [numSegments, …]
 */
export function segmentSum(backend: Backend, x: Info, segmentIds: Info, numSegments: number): Info {
  const rank = segmentIds.shape.length;
  const shape = [numSegments, ...x.shape.slice(rank)];
  const width = sizeOf(x.shape.slice(rank));
  const out = backend.makeOutput(shape, x.dtype);
  const buffer = memoryOf(backend);
  const heap = x.dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  const ids = new Int32Array(buffer, backend.getMemoryOffset(segmentIds.dataId), sizeOf(segmentIds.shape));
  const target = heapIndex(backend, out);
  heap.fill(0, target, target + numSegments * width);
  let from = heapIndex(backend, x);
  for (const id of ids) {
    if (id >= 0 && id < numSegments) {
      const to = target + id * width;
      for (let i = 0; i < width; i++) heap[to + i]! += heap[from + i]!;
    }
    from += width;
  }
  return out;
}

export const unsortedSegmentSumKernel = wasmKernel<{ x: Info; segmentIds: Info }, tf.UnsortedSegmentSumAttrs>(
  tf.UnsortedSegmentSum,
  ({ backend, inputs, attrs }) => segmentSum(backend, inputs.x, inputs.segmentIds, attrs.numSegments),
);
