import * as tf from '@tensorflow/tfjs-core';
import {
  aliasOf,
  allocateZeros,
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
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { matMul2d, transpose, wasmKernel } from './kernel-calls.js';
import { patchRows, patchRowsFromPlanes, planesFitOutput, residuePlanes } from './patches.js';

// Notes, ResNet-18 and a small network at batch 32, one core, where 45 GFLOP/s is the best that the matrix product does:
// - x transposed to (C, H, W, N) convolved with dy as a filter of dilation = stride: 14–31 GFLOP/s plus the transpose
//   (37 ms for 16×16×64→64 3×3; here 18 ms). The filter, as large as dy, is packed at every call.
// - dyᵀ · patches instead of patchesᵀ · dy: the patches are then packed, twice as slow (29 ms against 15 ms).
// - one product per tap on shifted slices: nine more copies of x, 174 ms against 49 ms for a three-layer step.
// - patches gathered one by one instead of as shifted blocks of memory: 5.6 ms against 2 ms for that layer.

/** Elements of the patch matrix held at once (16 MiB), and output pixels (a longer product falls out of the cache). */
const PATCH_BUDGET = 1 << 22;
const PIXEL_BUDGET = 4096;

/**
 * Gradient of a convolution with respect to its filter:
 * dW[kh, kw, c, f] = Σ_{n, oh, ow} x[n, oh·s + kh − p, ow·s + kw − p, c] · dy[n, oh, ow, f].
 *
 * @param x [N, H, W, C]
 * @param dy [N, OH, OW, F]
 * @returns [KH, KW, C, F]
 */
export function filterGradient(backend: Backend, x: Info, dy: Info, g: ConvGeometry): Info {
  const shape = [g.filterHeight, g.filterWidth, g.inChannels, g.outChannels];
  const rows = g.filterHeight * g.filterWidth * g.inChannels;
  const pixels = g.outHeight * g.outWidth;
  if (rows * g.outChannels * g.batch * pixels === 0) return allocateZeros(backend, shape);
  const channelsFirst = transpose(backend, reshaped(x, [g.batch, g.inHeight * g.inWidth, g.inChannels]), [2, 0, 1]);
  const pointwise = rows === g.inChannels && pixels === g.inHeight * g.inWidth && g.padTop === 0 && g.padLeft === 0;
  if (pointwise) {
    const a = reshaped(channelsFirst, [rows, g.batch * pixels]);
    const product = matMul2d(backend, a, reshaped(dy, [g.batch * pixels, g.outChannels]));
    release(backend, channelsFirst);
    return withShape(backend, product, shape);
  }
  const shiftable = planesFitOutput(g);
  const split = shiftable && g.strideHeight * g.strideWidth > 1;
  const source = split ? residuePlanes(backend, channelsFirst, g) : channelsFirst;
  if (split) release(backend, channelsFirst);
  const takePatches = shiftable ? patchRowsFromPlanes : patchRows;
  const perChunk = Math.max(1, Math.floor(Math.min(g.batch, PATCH_BUDGET / (rows * pixels), PIXEL_BUDGET / pixels)));
  let total: Info | undefined;
  for (let first = 0; first < g.batch; first += perChunk) {
    const count = Math.min(perChunk, g.batch - first);
    const patches = takePatches(backend, source, g, { first, count });
    const dyPart = aliasOf(backend, dy, [count * pixels, g.outChannels], first * pixels * g.outChannels);
    const part = matMul2d(backend, patches, dyPart);
    releaseAlias(backend, dyPart);
    release(backend, patches);
    if (total === undefined) total = part;
    else {
      addInPlace(backend, total, part);
      release(backend, part);
    }
  }
  release(backend, source);
  return withShape(backend, total!, shape);
}

function addInPlace(backend: Backend, total: Info, part: Info): void {
  const heap = heapOf(backend);
  const to = heapIndex(backend, total);
  const from = heapIndex(backend, part);
  const size = sizeOf(total.shape);
  for (let i = 0; i < size; i++) heap[to + i]! += heap[from + i]!;
}

export const conv2DBackpropFilterKernel = wasmKernel<{ x: Info; dy: Info }, tf.Conv2DBackpropFilterAttrs>(
  tf.Conv2DBackpropFilter,
  ({ backend, inputs: { x, dy }, attrs }) => {
    const geometry = convGeometry({ operation: tf.Conv2DBackpropFilter, inShape: x.shape, ...attrs });
    return filterGradient(backend, x, dy, geometry);
  },
);
