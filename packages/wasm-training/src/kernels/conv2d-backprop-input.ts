import * as tf from '@tensorflow/tfjs-core';
import { allocate, allocateZeros, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { convolve } from './convolve.js';
import type { PackFilter } from './direct-convolution.js';
import { wasmKernel } from './kernel-calls.js';
import { PANEL } from './native-gemm.js';
import { addPatchGradient } from './patch-gradient.js';
import { walkOf } from './conv2d.js';
import type { Axis } from './pixel-bands.js';

/** The input positions first, first + stride, … of one axis: they meet the same taps, as a convolution of dy with stride 1. */
interface Phase {
  first: number;
  /** Over dy; no taps if the filter jumps over these positions. */
  axis: Axis;
  /** The filter's tap at each position of the axis' taps. */
  taps: number[];
}

/** Channels up to which patches are added up instead. */
const FEW_CHANNELS = 4;

const remainder = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

/** Splits the input positions of one axis by (position + pad) mod stride. */
export function phasesOf({ size, outSize, taps: count, stride, dilation, pad }: Axis): Phase[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first) => {
    // Position first + m · stride comes from dy at m + (first + pad − tap · dilation) / stride: the larger the tap, the earlier.
    const taps = Array.from({ length: count }, (_tap, i) => count - 1 - i).filter(
      (tap) => remainder(first + pad - tap * dilation, stride) === 0,
    );
    const offsets = taps.map((tap) => (first + pad - tap * dilation) / stride);
    const axis = {
      size: outSize,
      outSize: Math.ceil((size - first) / stride),
      taps: taps.length,
      stride: 1,
      dilation: offsets.length > 1 ? offsets[1]! - offsets[0]! : 1,
      pad: -(offsets[0] ?? 0),
    };
    return { first, axis, taps };
  });
}

/**
 * Gradient of a convolution with respect to its input:
 * dx[n, ih, iw, c] = Σ_{kh, kw, f} dy[n, (ih + p − kh·d)/s, (iw + p − kw·d)/s, f] · W[kh, kw, c, f] over whole quotients.
 *
 * @param dy [N, OH, OW, F]
 * @param filter [KH, KW, C, F]
 * @returns [N, H, W, C]
 */
export function inputGradient(backend: Backend, dy: Info, filter: Info, g: ConvGeometry): Info {
  const shape = [g.batch, g.inHeight, g.inWidth, g.inChannels];
  if (sizeOf(dy.shape) * sizeOf(filter.shape) * sizeOf(shape) === 0) return allocateZeros(backend, shape);
  if (g.inChannels <= FEW_CHANNELS && g.filterHeight * g.filterWidth > 1) {
    const dx = allocateZeros(backend, shape);
    const [from, weights, to] = [dy, filter, dx].map(({ dataId }) => backend.getMemoryOffset(dataId));
    addPatchGradient(backend, from!, weights!, to!, g);
    return dx;
  }
  const walk = walkOf(g);
  const pairs = phasesOf(walk.vertical).flatMap((v) => phasesOf(walk.horizontal).map((h) => ({ v, h })));
  const complete = pairs.every(({ v, h }) => v.taps.length * h.taps.length > 0);
  const out = complete ? allocate(backend, shape) : allocateZeros(backend, shape);
  const at = backend.getMemoryOffset(out.dataId);
  const pixel = 4 * g.inChannels;
  for (const { v, h } of pairs) {
    if (v.taps.length * h.taps.length === 0) continue;
    convolve(backend, {
      walk: { batch: g.batch, channels: g.outChannels, vertical: v.axis, horizontal: h.axis },
      input: backend.getMemoryOffset(dy.dataId),
      n: g.inChannels,
      pack: packTransposed(backend.getMemoryOffset(filter.dataId), g, v.taps, h.taps),
      result: {
        at: at + (v.first * g.inWidth + h.first) * pixel,
        imageStep: g.inHeight * g.inWidth * pixel,
        lineStep: g.strideHeight * g.inWidth * pixel,
        columnStep: g.strideWidth * pixel,
      },
    });
  }
  return out;
}

/** The filter's chosen taps as the right matrix: rows (tap row, tap column, f), columns c. */
function packTransposed(filter: number, g: ConvGeometry, rows: number[], columns: number[]): PackFilter {
  const { inChannels: channels, outChannels: filters, filterWidth } = g;
  return (gemm, begin, count, to, panelBytes) => {
    for (let index = begin; index < begin + count;) {
      const f = index % filters;
      const tap = (index - f) / filters;
      const length = Math.min(filters - f, begin + count - index);
      const [row, column] = [rows[Math.floor(tap / columns.length)]!, columns[tap % columns.length]!];
      const from = filter + 4 * ((row * filterWidth + column) * channels * filters + f);
      gemm.packPanelsTransposed(from, 4 * filters, length, channels, to + 4 * PANEL * (index - begin), panelBytes);
      index += length;
    }
  };
}

export const conv2DBackpropInputKernel = wasmKernel<
  { dy: Info; filter: Info },
  tf.Conv2DBackpropInputAttrs & { dilations?: number | [number, number] }
>(tf.Conv2DBackpropInput, ({ backend, inputs: { dy, filter }, attrs }) => {
  const { inputShape: inShape, ...rest } = attrs;
  const geometry = convGeometry({ operation: tf.Conv2DBackpropInput, inShape, filterShape: filter.shape, ...rest });
  return inputGradient(backend, dy, filter, geometry);
});
