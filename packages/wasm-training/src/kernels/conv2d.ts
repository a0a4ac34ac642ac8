import * as tf from '@tensorflow/tfjs-core';
import { allocate, allocateZeros, type Backend, type Info } from '../wasm-backend.js';
import { finishActivation, type FusedActivation } from './activation.js';
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { convolve } from './convolve.js';
import { wasmKernel } from './kernel-calls.js';
import type { Walk } from './pixel-bands.js';

/** The walk of a convolution's filter over its input. */
export function walkOf(g: ConvGeometry): Walk {
  return {
    batch: g.batch,
    channels: g.inChannels,
    vertical: {
      size: g.inHeight,
      outSize: g.outHeight,
      taps: g.filterHeight,
      stride: g.strideHeight,
      dilation: g.dilationHeight,
      pad: g.padTop,
    },
    horizontal: {
      size: g.inWidth,
      outSize: g.outWidth,
      taps: g.filterWidth,
      stride: g.strideWidth,
      dilation: g.dilationWidth,
      pad: g.padLeft,
    },
  };
}

/**
 * y[n, oh, ow, f] = Σ_{kh, kw, c} x[n, oh·s + kh·d − p, ow·s + kw·d − p, c] · W[kh, kw, c, f].
 *
 * @param x [N, H, W, C]
 * @param filter [KH, KW, C, F]
 * @returns [N, OH, OW, F]
 */
export function convolution(backend: Backend, x: Info, filter: Info, g: ConvGeometry): Info {
  const n = g.outChannels;
  const shape = [g.batch, g.outHeight, g.outWidth, n];
  const k = g.filterHeight * g.filterWidth * g.inChannels;
  if (k * g.batch * g.outHeight * g.outWidth * n === 0) return allocateZeros(backend, shape);
  const out = allocate(backend, shape);
  const weights = backend.getMemoryOffset(filter.dataId);
  convolve(backend, {
    walk: walkOf(g),
    input: backend.getMemoryOffset(x.dataId),
    n,
    pack: (gemm, begin, count, to, panelBytes) =>
      gemm.packPanels(weights + 4 * begin * n, 4 * n, count, n, to, panelBytes),
    result: {
      at: backend.getMemoryOffset(out.dataId),
      imageStep: 4 * g.outHeight * g.outWidth * n,
      lineStep: 4 * g.outWidth * n,
      columnStep: 4 * n,
    },
  });
  return out;
}

export const conv2DKernel = wasmKernel<{ x: Info; filter: Info }, tf.Conv2DAttrs>(
  tf.Conv2D,
  ({ backend, inputs: { x, filter }, attrs }) => {
    const g = convGeometry({ operation: tf.Conv2D, inShape: x.shape, filterShape: filter.shape, ...attrs });
    return convolution(backend, x, filter, g);
  },
);

interface FusedInputs {
  x: Info;
  filter: Info;
  bias?: Info | null;
  preluActivationWeights?: Info | null;
}

export const fusedConv2DKernel = wasmKernel<FusedInputs, tf.FusedConv2DAttrs & FusedActivation>(
  tf.FusedConv2D,
  ({ backend, inputs: { x, filter, bias, preluActivationWeights }, attrs }) => {
    const g = convGeometry({ operation: tf.FusedConv2D, inShape: x.shape, filterShape: filter.shape, ...attrs });
    return finishActivation(backend, convolution(backend, x, filter, g), bias, preluActivationWeights, attrs);
  },
);
