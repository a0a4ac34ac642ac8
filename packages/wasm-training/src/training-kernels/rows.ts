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

/** `tf.gather` row by row. With batch dimensions the shipped kernel gives other rows, or reads outside its tensors. */
export const gatherV2Kernel = wasmKernel<{ x: Info; indices: Info }, tf.GatherV2Attrs>(
  tf.GatherV2,
  ({ backend, inputs: { x, indices }, attrs }) => {
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
    if (!(x.dtype === 'float32' || x.dtype === 'int32') || indices.dtype !== 'int32') {
      return callKernel(backend, tf.GatherV2, { x, indices }, { ...attrs });
    }
    const { collectGatherOpShapeInfo } = tf.backend_util.segment_util;
    const sizes = collectGatherOpShapeInfo(x, indices, axis, attrs.batchDims ?? 0);
    const { batchSize, outerSize: outer, dimSize: size, sliceSize: width, outputShape } = sizes;
    const out = allocate(backend, outputShape, x.dtype);
    if (sizeOf(outputShape) === 0) return out;
    const count = sizeOf(indices.shape) / batchSize;
    const [from, ids, to] = [offsetOf(backend, x), offsetOf(backend, indices), offsetOf(backend, out)];
    const rows = 4 * outer * width;
    for (let b = 0; b < batchSize; b++) {
      const [source, target] = [from + rows * size * b, to + rows * count * b];
      const wrong = training(backend).gatherRows(source, ids + 4 * count * b, target, outer, size, count, width);
      if (wrong === 0) continue;
      backend.disposeData(out.dataId);
      const place = count * b + wrong - 1;
      throw new ConfigError(`gather: expected indices in [0, ${size - 1}], got another one at place ${place}.`, {
        expected: [0, size - 1],
        actual: place,
      });
    }
    return out;
  },
);

export const rowKernels: readonly tf.KernelConfig[] = [unsortedSegmentSumKernel, gatherGradKernel, gatherV2Kernel];
