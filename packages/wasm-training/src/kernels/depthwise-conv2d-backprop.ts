import * as tf from '@tensorflow/tfjs-core';
import { allocateZeros, type Backend, heapIndex, heapOf, type Info } from '../wasm-backend.js';
import { convGeometry, type ConvGeometry, validOutputs } from './conv-geometry.js';
import { wasmKernel } from './kernel-calls.js';

/** Calls `visit` with the start of the channels of x and of dy for every pair that one filter tap connects. */
function forEachPair(g: ConvGeometry, kh: number, kw: number, visit: (x: number, dy: number) => void): void {
  const vertical = {
    size: g.inHeight,
    outSize: g.outHeight,
    stride: g.strideHeight,
    dilation: g.dilationHeight,
    pad: g.padTop,
  };
  const horizontal = {
    size: g.inWidth,
    outSize: g.outWidth,
    stride: g.strideWidth,
    dilation: g.dilationWidth,
    pad: g.padLeft,
  };
  const [top, bottom] = validOutputs(kh, vertical);
  const [left, right] = validOutputs(kw, horizontal);
  for (let n = 0; n < g.batch; n++) {
    for (let oh = top; oh < bottom; oh++) {
      const row = oh * g.strideHeight + kh * g.dilationHeight - g.padTop;
      let x =
        ((n * g.inHeight + row) * g.inWidth + left * g.strideWidth + kw * g.dilationWidth - g.padLeft) * g.inChannels;
      let dy = ((n * g.outHeight + oh) * g.outWidth + left) * g.outChannels;
      for (let ow = left; ow < right; ow++) {
        visit(x, dy);
        x += g.strideWidth * g.inChannels;
        dy += g.outChannels;
      }
    }
  }
}

/**
 * Gradient of a depthwise convolution with respect to its filter:
 * dW[kh, kw, c, q] = Σ_{n, oh, ow} x[n, oh·s + kh·d − p, ow·s + kw·d − p, c] · dy[n, oh, ow, c·Q + q].
 *
 * @returns [KH, KW, C, Q]
 */
export function depthwiseFilterGradient(backend: Backend, x: Info, dy: Info, g: ConvGeometry): Info {
  const multiplier = g.outChannels / g.inChannels;
  const out = allocateZeros(backend, [g.filterHeight, g.filterWidth, g.inChannels, multiplier]);
  const heap = heapOf(backend);
  const [xAt, dyAt] = [heapIndex(backend, x), heapIndex(backend, dy)];
  let target = heapIndex(backend, out);
  for (let kh = 0; kh < g.filterHeight; kh++) {
    for (let kw = 0; kw < g.filterWidth; kw++, target += g.outChannels) {
      forEachPair(g, kh, kw, (xOffset, dyOffset) => {
        const from = xAt + xOffset;
        const by = dyAt + dyOffset;
        if (multiplier === 1) {
          for (let c = 0; c < g.inChannels; c++) heap[target + c]! += heap[from + c]! * heap[by + c]!;
        } else {
          for (let c = 0, i = 0; c < g.inChannels; c++) {
            for (let q = 0; q < multiplier; q++, i++) heap[target + i]! += heap[from + c]! * heap[by + i]!;
          }
        }
      });
    }
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
  const multiplier = g.outChannels / g.inChannels;
  const out = allocateZeros(backend, [g.batch, g.inHeight, g.inWidth, g.inChannels]);
  const heap = heapOf(backend);
  const [dyAt, dxAt] = [heapIndex(backend, dy), heapIndex(backend, out)];
  let weights = heapIndex(backend, filter);
  for (let kh = 0; kh < g.filterHeight; kh++) {
    for (let kw = 0; kw < g.filterWidth; kw++, weights += g.outChannels) {
      forEachPair(g, kh, kw, (xOffset, dyOffset) => {
        const to = dxAt + xOffset;
        const from = dyAt + dyOffset;
        if (multiplier === 1) {
          for (let c = 0; c < g.inChannels; c++) heap[to + c]! += heap[from + c]! * heap[weights + c]!;
        } else {
          for (let c = 0, i = 0; c < g.inChannels; c++) {
            for (let q = 0; q < multiplier; q++, i++) heap[to + c]! += heap[from + i]! * heap[weights + i]!;
          }
        }
      });
    }
  }
  return out;
}

export const depthwiseBackpropFilterKernel = wasmKernel<
  { x: Info; dy: Info },
  tf.DepthwiseConv2dNativeBackpropFilterAttrs
>(tf.DepthwiseConv2dNativeBackpropFilter, ({ backend, inputs: { x, dy }, attrs }) => {
  const operation = tf.DepthwiseConv2dNativeBackpropFilter;
  const g = convGeometry({ operation, inShape: x.shape, depthwise: true, ...attrs });
  return depthwiseFilterGradient(backend, x, dy, g);
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
