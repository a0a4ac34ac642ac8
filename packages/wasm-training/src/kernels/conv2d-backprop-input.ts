import * as tf from '@tensorflow/tfjs-core';
import {
  aliasOf,
  allocate,
  allocateZeros,
  type Backend,
  heapIndex,
  heapOf,
  type Info,
  release,
  releaseAlias,
  reshaped,
} from '../wasm-backend.js';
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { convolve, wasmKernel } from './kernel-calls.js';
import { matMulTransposed } from './mat-mul-transposed.js';
import { addPatchColumns } from './patches.js';
import { transposeMatrices } from './transpose-matrix.js';

// Notes, batch 32, one core (the shipped kernel runs at 3.3–5 GFLOP/s: 155 ms for 16×16×64→64 3×3, here 13.3 ms):
// - zero insertion and one forward convolution instead of one per residue of the stride: s² times the products.
// - all residues in one convolution with s²·C output channels: 16 taps' worth of products where 9 are wanted.
// - packing the filter costs the convolution 4–12 ns per weight and the matrix product 3 ns, adding up the patches 1.3 ns
//   per element: with few pixels and many channels the product wins (2×2×512→512: 20 ms against 41 ms), elsewhere the
//   convolutions (16×16×64→64: 13.3 ms against 20.0 ms). With at most 4 input channels the convolution fills a half or
//   less of its 8-channel tiles, and the product wins again (64×64×3→64 7×7: 22 ms against 37 ms).

/** Elements of the patch matrix held at once: 16 MiB. */
const PATCH_BUDGET = 1 << 22;

/** Output pixels per output channel below which the product is faster, from the costs above. */
const PIXELS_PER_CHANNEL = 3.8;

/**
 * Gradient of a convolution with respect to its input:
 * dx[n, ih, iw, c] = Σ_{kh, kw, f} dy[n, (ih + p − kh)/s, (iw + p − kw)/s, f] · W[kh, kw, c, f] over whole quotients.
 *
 * @param dy [N, OH, OW, F]
 * @param filter [KH, KW, C, F]
 * @returns [N, H, W, C]
 */
export function inputGradient(backend: Backend, dy: Info, filter: Info, g: ConvGeometry): Info {
  const taps = g.filterHeight * g.filterWidth;
  const pixels = g.batch * g.outHeight * g.outWidth;
  const shape = [g.batch, g.inHeight, g.inWidth, g.inChannels];
  if (taps * pixels * g.inChannels * g.outChannels === 0) return allocateZeros(backend, shape);
  const fewPixels = g.outChannels >= 128 && pixels < PIXELS_PER_CHANNEL * g.outChannels;
  return fewPixels || g.inChannels <= 4 ? byColumns(backend, dy, filter, g) : byPhases(backend, dy, filter, g);
}

/** Product with the filter for every patch, then the patches added up where they overlap. */
function byColumns(backend: Backend, dy: Info, filter: Info, g: ConvGeometry): Info {
  const columns = g.filterHeight * g.filterWidth * g.inChannels;
  const pixels = g.outHeight * g.outWidth;
  const dx = allocateZeros(backend, [g.batch, g.inHeight, g.inWidth, g.inChannels]);
  const perChunk = Math.max(1, Math.min(g.batch, Math.floor(PATCH_BUDGET / (columns * pixels))));
  for (let first = 0; first < g.batch; first += perChunk) {
    const count = Math.min(perChunk, g.batch - first);
    const dyPart = aliasOf(backend, dy, [count * pixels, g.outChannels], first * pixels * g.outChannels);
    const patches = matMulTransposed(backend, dyPart, reshaped(filter, [columns, g.outChannels]));
    releaseAlias(backend, dyPart);
    addPatchColumns(backend, patches, dx, g, { first, count });
    release(backend, patches);
  }
  return dx;
}

/** One phase of one axis: the input positions first, first + stride, … see the same taps of the filter. */
interface Phase {
  first: number;
  count: number;
  /** Taps in the order in which a forward convolution over dy meets them. */
  taps: number[];
  padBefore: number;
  padAfter: number;
  /** Leading outputs of the convolution that lie before the input. */
  skip: number;
}

/** Splits the input positions of one axis by (position + pad) mod stride. */
function phasesOf(size: number, outSize: number, filterSize: number, stride: number, pad: number): Phase[] {
  const phases: Phase[] = [];
  for (let residue = 0; residue < stride; residue++) {
    const first = (((residue - pad) % stride) + stride) % stride;
    const count = Math.max(0, Math.ceil((size - first) / stride));
    const taps: number[] = [];
    for (let tap = residue; tap < filterSize; tap += stride) taps.unshift(tap);
    const before = taps.length - 1 - (first + pad - residue) / stride;
    const after = count + taps.length - 1 - before - outSize;
    phases.push({
      first,
      count,
      taps,
      padBefore: Math.max(0, before),
      padAfter: Math.max(0, after),
      skip: Math.max(0, -before),
    });
  }
  return phases;
}

/** A forward convolution of dy with the flipped filter for every residue of the stride, interleaved. */
function byPhases(backend: Backend, dy: Info, filter: Info, g: ConvGeometry): Info {
  const swapped = transposeMatrices(backend, filter, g.filterHeight * g.filterWidth, g.inChannels, g.outChannels);
  const dx = convolvePhases(backend, dy, swapped, g);
  release(backend, swapped);
  return dx;
}

/** @param swapped [KH·KW, F, C] */
function convolvePhases(backend: Backend, dy: Info, swapped: Info, g: ConvGeometry): Info {
  const vertical = phasesOf(g.inHeight, g.outHeight, g.filterHeight, g.strideHeight, g.padTop);
  const horizontal = phasesOf(g.inWidth, g.outWidth, g.filterWidth, g.strideWidth, g.padLeft);
  const single = vertical.length === 1 && horizontal.length === 1;
  let dx: Info | undefined;
  for (const v of vertical) {
    for (const h of horizontal) {
      const empty = v.count * h.count * v.taps.length * h.taps.length === 0;
      if (empty) continue;
      const weights = pickTaps(backend, swapped, v.taps, h.taps, g);
      const pad = { top: v.padBefore, bottom: v.padAfter, left: h.padBefore, right: h.padAfter };
      const part = convolve(backend, reshaped(dy, [g.batch, g.outHeight, g.outWidth, g.outChannels]), weights, pad);
      release(backend, weights);
      if (single && part.shape[1] === g.inHeight && part.shape[2] === g.inWidth) return part;
      dx ??= allocateZeros(backend, [g.batch, g.inHeight, g.inWidth, g.inChannels]);
      interleave(backend, part, dx, v, h, g);
      release(backend, part);
    }
  }
  return dx ?? allocateZeros(backend, [g.batch, g.inHeight, g.inWidth, g.inChannels]);
}

/** The chosen taps of [KH·KW, F, C] as a filter of their own. */
function pickTaps(backend: Backend, swapped: Info, rows: number[], columns: number[], g: ConvGeometry): Info {
  const block = g.outChannels * g.inChannels;
  const out = allocate(backend, [rows.length, columns.length, g.outChannels, g.inChannels]);
  const heap = heapOf(backend);
  const source = heapIndex(backend, swapped);
  let target = heapIndex(backend, out);
  for (const row of rows) {
    for (const column of columns) {
      const from = source + (row * g.filterWidth + column) * block;
      heap.copyWithin(target, from, from + block);
      target += block;
    }
  }
  return out;
}

function interleave(backend: Backend, part: Info, dx: Info, v: Phase, h: Phase, g: ConvGeometry): void {
  const heap = heapOf(backend);
  const channels = g.inChannels;
  const [, partHeight, partWidth] = part.shape as [number, number, number, number];
  const source = heapIndex(backend, part);
  const target = heapIndex(backend, dx);
  const step = g.strideWidth * channels;
  const rows = Math.min(v.count, partHeight - v.skip);
  const columns = Math.min(h.count, partWidth - h.skip);
  for (let n = 0; n < g.batch; n++) {
    for (let m = 0; m < rows; m++) {
      const row = v.first + m * g.strideHeight;
      let from = source + ((n * partHeight + m + v.skip) * partWidth + h.skip) * channels;
      let to = target + ((n * g.inHeight + row) * g.inWidth + h.first) * channels;
      for (let k = 0; k < columns; k++, from += channels, to += step) {
        for (let c = 0; c < channels; c++) heap[to + c] = heap[from + c]!;
      }
    }
  }
}

export const conv2DBackpropInputKernel = wasmKernel<{ dy: Info; filter: Info }, tf.Conv2DBackpropInputAttrs>(
  tf.Conv2DBackpropInput,
  ({ backend, inputs: { dy, filter }, attrs }) => {
    const { inputShape: inShape, ...rest } = attrs;
    const geometry = convGeometry({ operation: tf.Conv2DBackpropInput, inShape, filterShape: filter.shape, ...rest });
    return inputGradient(backend, dy, filter, geometry);
  },
);
