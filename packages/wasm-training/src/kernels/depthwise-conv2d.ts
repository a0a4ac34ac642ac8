import * as tf from '@tensorflow/tfjs-core';
import { allocateZeros, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { finishActivation, type FusedActivation } from './activation.js';
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { wasmKernel } from './kernel-calls.js';
import { nativeGemm, scratchPieces } from './native-gemm.js';

/** What {@link accumulate} adds to. */
const FORWARD = 0;
const INPUT = 1;
const FILTER = 2;

/** Lines of results whose sums the filter's gradient keeps apart, so that rounding errors stay small. */
const LINES = 32;

/** Byte offsets of the input, the results and the filter. */
interface Operands {
  x: number;
  y: number;
  w: number;
}

const strides = (g: ConvGeometry) => [g.strideHeight, g.strideWidth] as const;
const dilations = (g: ConvGeometry) => [g.dilationHeight, g.dilationWidth] as const;
const isSingle = (g: ConvGeometry): boolean => g.outChannels === g.inChannels;

/** Any number of results a channel, and any stride: products are added one by one where they belong. */
function accumulate(
  backend: Backend,
  mode: number,
  { x, y, w }: Operands,
  g: ConvGeometry,
  [first, last]: readonly [number, number] = [0, g.batch * g.outHeight],
): void {
  const q = g.outChannels / g.inChannels;
  nativeGemm(backend).depthwise(
    mode,
    ...[x, y, w, first, last, g.inHeight, g.inWidth, g.inChannels, q, g.outHeight, g.outWidth],
    ...[g.filterHeight, g.filterWidth, ...strides(g), ...dilations(g), g.padTop, g.padLeft],
  );
}

function addResults(backend: Backend, { x, y, w }: Operands, g: ConvGeometry): void {
  if (!isSingle(g)) return accumulate(backend, FORWARD, { x, y, w }, g);
  nativeGemm(backend).depthwiseResults(
    ...[y, x, w, 0, g.batch * g.outHeight, g.inHeight, g.inWidth, g.inChannels, g.outHeight, g.outWidth],
    ...[g.filterHeight, g.filterWidth, ...strides(g), ...dilations(g), g.padTop, g.padLeft],
  );
}

/** With stride 1 a convolution of dy with the flipped filter. */
function addInputGradient(backend: Backend, { x, y, w }: Operands, g: ConvGeometry): void {
  if (!isSingle(g) || g.strideHeight !== 1 || g.strideWidth !== 1) return accumulate(backend, INPUT, { x, y, w }, g);
  nativeGemm(backend).depthwiseResults(
    ...[x, y, w, 1, g.batch * g.inHeight, g.outHeight, g.outWidth, g.inChannels, g.inHeight, g.inWidth],
    ...[g.filterHeight, g.filterWidth, ...strides(g), ...dilations(g)],
    ...[g.dilationHeight * (g.filterHeight - 1) - g.padTop, g.dilationWidth * (g.filterWidth - 1) - g.padLeft],
  );
}

function addFilterGradient(
  backend: Backend,
  { x, y, w }: Operands,
  g: ConvGeometry,
  lines: readonly [number, number],
): void {
  if (!isSingle(g)) return accumulate(backend, FILTER, { x, y, w }, g, lines);
  nativeGemm(backend).depthwiseTaps(
    ...[w, x, y, ...lines, g.inHeight, g.inWidth, g.inChannels, g.outHeight, g.outWidth],
    ...[g.filterHeight, g.filterWidth, ...strides(g), ...dilations(g), g.padTop, g.padLeft],
  );
}

/**
 * Depthwise convolution:
 * y[n, oh, ow, c·Q + q] = Σ_{kh, kw} x[n, oh·s + kh·d − p, ow·s + kw·d − p, c] · W[kh, kw, c, q].
 *
 * @returns [N, OH, OW, C·Q]
 */
export function depthwiseConvolution(backend: Backend, x: Info, filter: Info, g: ConvGeometry): Info {
  const out = allocateZeros(backend, [g.batch, g.outHeight, g.outWidth, g.outChannels]);
  addResults(backend, offsets(backend, x, out, filter), g);
  return out;
}

/**
 * Gradient of a depthwise convolution with respect to its filter:
 * dW[kh, kw, c, q] = Σ_{n, oh, ow} x[n, oh·s + kh·d − p, ow·s + kw·d − p, c] · dy[n, oh, ow, c·Q + q].
 *
 * @param shape [KH, KW, C, Q]
 * @returns of that shape
 */
export function depthwiseFilterGradient(backend: Backend, x: Info, dy: Info, shape: number[], g: ConvGeometry): Info {
  const out = allocateZeros(backend, shape);
  const size = sizeOf(shape);
  const gemm = nativeGemm(backend);
  const { part } = scratchPieces(backend, { part: size });
  const { x: input, y: results, w: total } = offsets(backend, x, dy, out);
  const lines = g.batch * g.outHeight;
  for (let line = 0; line < lines; line += LINES) {
    gemm.fill(part, size, 0);
    addFilterGradient(backend, { x: input, y: results, w: part }, g, [line, Math.min(lines, line + LINES)]);
    gemm.addTo(total, part, size);
  }
  return out;
}

/**
 * Gradient of a depthwise convolution with respect to its input:
 * dx[n, oh·s + kh·d − p, ow·s + kw·d − p, c] += Σ_q dy[n, oh, ow, c·Q + q] · W[kh, kw, c, q].
 *
 * @returns [N, H, W, C]
 */
export function depthwiseInputGradient(backend: Backend, dy: Info, filter: Info, g: ConvGeometry): Info {
  const out = allocateZeros(backend, [g.batch, g.inHeight, g.inWidth, g.inChannels]);
  addInputGradient(backend, offsets(backend, out, dy, filter), g);
  return out;
}

function offsets(backend: Backend, x: Info, y: Info, w: Info): Operands {
  const at = (tensor: Info): number => backend.getMemoryOffset(tensor.dataId);
  return { x: at(x), y: at(y), w: at(w) };
}

export const depthwiseConvKernel = wasmKernel<{ x: Info; filter: Info }, tf.DepthwiseConv2dNativeAttrs>(
  tf.DepthwiseConv2dNative,
  ({ backend, inputs: { x, filter }, attrs }) => {
    const operation = tf.DepthwiseConv2dNative;
    const g = convGeometry({ operation, inShape: x.shape, filterShape: filter.shape, depthwise: true, ...attrs });
    return depthwiseConvolution(backend, x, filter, g);
  },
);

export const fusedDepthwiseConvKernel = wasmKernel<
  { x: Info; filter: Info; bias?: Info | null; preluActivationWeights?: Info | null },
  tf.FusedDepthwiseConv2DAttrs & FusedActivation
>(tf.FusedDepthwiseConv2D, ({ backend, inputs: { x, filter, bias, preluActivationWeights }, attrs }) => {
  const operation = tf.FusedDepthwiseConv2D;
  const g = convGeometry({ operation, inShape: x.shape, filterShape: filter.shape, depthwise: true, ...attrs });
  const out = depthwiseConvolution(backend, x, filter, g);
  return finishActivation(backend, out, bias, preluActivationWeights, attrs);
});

export const depthwiseBackpropFilterKernel = wasmKernel<
  { x: Info; dy: Info },
  tf.DepthwiseConv2dNativeBackpropFilterAttrs
>(tf.DepthwiseConv2dNativeBackpropFilter, ({ backend, inputs: { x, dy }, attrs }) => {
  const operation = tf.DepthwiseConv2dNativeBackpropFilter;
  const g = convGeometry({ operation, inShape: x.shape, depthwise: true, ...attrs });
  return depthwiseFilterGradient(backend, x, dy, attrs.filterShape, g);
});

export const depthwiseBackpropInputKernel = wasmKernel<
  { dy: Info; filter: Info },
  tf.DepthwiseConv2dNativeBackpropInputAttrs
>(tf.DepthwiseConv2dNativeBackpropInput, ({ backend, inputs: { dy, filter }, attrs }) => {
  const { inputShape: inShape, ...rest } = attrs;
  const operation = tf.DepthwiseConv2dNativeBackpropInput;
  const g = convGeometry({ operation, inShape, filterShape: filter.shape, depthwise: true, ...rest });
  return depthwiseInputGradient(backend, dy, filter, g);
});
