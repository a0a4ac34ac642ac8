import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

export const GATHER_GRAD = 'OpposableGatherGrad';

/**
 * out[id, …] = Σ of the rows of x whose segment id is `id`; ids outside [0, numSegments) are left out, as on cpu.
 *
 * x [N, …] float32 or int32, segmentIds [N] → [numSegments, …]
 */
export const unsortedSegmentSumKernel = wasmKernel<{ x: Info; segmentIds: Info }, tf.UnsortedSegmentSumAttrs>(
  tf.UnsortedSegmentSum,
  ({ backend, inputs: { x, segmentIds }, attrs: { numSegments } }) => {
    const rank = segmentIds.shape.length;
    const [count, width] = [sizeOf(segmentIds.shape), sizeOf(x.shape.slice(rank))];
    const out = allocate(backend, [numSegments, ...x.shape.slice(rank)], x.dtype);
    const [from, ids, to] = [offsetOf(backend, x), offsetOf(backend, segmentIds), offsetOf(backend, out)];
    training(backend).segmentSum(from, ids, to, 1, count, width, numSegments, x.dtype === 'int32' ? 1 : 0);
    return out;
  },
);

/** dx[o, indices[i], :] = Σ dy[o, i, :], the gradient of a gather along the middle axis: no transposes, no segments to sort. */
export const gatherGradKernel = wasmKernel<{ dy: Info; indices: Info }, { shape: number[]; axis: number }>(
  GATHER_GRAD,
  ({ backend, inputs: { dy, indices }, attrs: { shape, axis } }) => {
    const [outer, width] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
    const dx = allocate(backend, shape);
    const [from, ids, to] = [offsetOf(backend, dy), offsetOf(backend, indices), offsetOf(backend, dx)];
    training(backend).segmentSum(from, ids, to, outer, sizeOf(indices.shape), width, shape[axis]!, 0);
    return dx;
  },
);

/** `tf.gather` without batch dimensions, row by row; with them the shipped kernel. */
export const gatherV2Kernel = wasmKernel<{ x: Info; indices: Info }, tf.GatherV2Attrs>(
  tf.GatherV2,
  ({ backend, inputs: { x, indices }, attrs }) => {
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const plain = (x.dtype === 'float32' || x.dtype === 'int32') && indices.dtype === 'int32' && !attrs.batchDims;
    if (!plain) {
      return callKernel(backend, tf.GatherV2, { x, indices }, { ...attrs });
    }
    const [outer, size, width] = [sizeOf(x.shape.slice(0, axis)), x.shape[axis]!, sizeOf(x.shape.slice(axis + 1))];
    const count = sizeOf(indices.shape);
    const out = allocate(backend, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.dtype);
    if (sizeOf(out.shape) === 0) return out;
    const [from, ids, to] = [offsetOf(backend, x), offsetOf(backend, indices), offsetOf(backend, out)];
    const wrong = training(backend).gatherRows(from, ids, to, outer, size, count, width);
    if (wrong > 0) {
      backend.disposeData(out.dataId);
      throw new ConfigError(`gather: expected indices in [0, ${size - 1}], got another one at place ${wrong - 1}.`, {
        expected: [0, size - 1],
        actual: wrong - 1,
      });
    }
    return out;
  },
);

export const rowKernels: readonly tf.KernelConfig[] = [unsortedSegmentSumKernel, gatherGradKernel, gatherV2Kernel];
