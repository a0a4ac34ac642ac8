import * as tf from '@tensorflow/tfjs-core';
import { type Backend, type Info, release, reshaped, withShape } from '../wasm-backend.js';
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { callKernel, matMul2d, wasmKernel } from './kernel-calls.js';
import { patchColumns } from './patches.js';

// Notes. Each training step brings new filters, and the convolution packs them at 3–8 ns per weight where the matrix product
// takes 2: with few output pixels and many channels patches · filter is faster (2×2×512→512 3×3, batch 32: 18.5 ms against
// 31 ms; 4×4×256→256: 15.0 against 16.4), with more pixels the patches cost more than is won (8×8×128→128).

/** Output pixels per output channel up to which the product is faster. */
const PIXELS_PER_CHANNEL = 2;
const MINIMUM_CHANNELS = 256;

function fewPixels(g: ConvGeometry): boolean {
  const pixels = g.batch * g.outHeight * g.outWidth;
  return pixels > 0 && g.outChannels >= MINIMUM_CHANNELS && pixels <= PIXELS_PER_CHANNEL * g.outChannels;
}

interface ConvInputs {
  x: Info;
  filter: Info;
  bias?: Info | null;
  preluActivationWeights?: Info | null;
}

function byProduct(backend: Backend, { x, filter, bias }: ConvInputs, g: ConvGeometry, activation: string): Info {
  const patches = patchColumns(backend, x, g);
  const [rows, columns] = patches.shape as [number, number];
  const weights = reshaped(filter, [columns, g.outChannels]);
  const plain = !bias && activation === 'linear';
  const out = plain
    ? matMul2d(backend, patches, weights)
    : callKernel(
        backend,
        tf._FusedMatMul,
        {
          a: reshaped(patches, [1, rows, columns]),
          b: reshaped(weights, [1, columns, g.outChannels]),
          ...(bias ? { bias } : {}),
        },
        { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 },
      );
  release(backend, patches);
  return withShape(backend, out, [g.batch, g.outHeight, g.outWidth, g.outChannels]);
}

export const conv2DKernel = wasmKernel<ConvInputs, tf.Conv2DAttrs>(tf.Conv2D, ({ backend, inputs, attrs }) => {
  const { x, filter } = inputs;
  const g = convGeometry({ operation: tf.Conv2D, inShape: x.shape, filterShape: filter.shape, ...attrs });
  if (fewPixels(g)) return byProduct(backend, inputs, g, 'linear');
  return callKernel(backend, tf.Conv2D, { x, filter }, { ...attrs });
});

export const fusedConv2DKernel = wasmKernel<ConvInputs, tf.FusedConv2DAttrs>(
  tf.FusedConv2D,
  ({ backend, inputs, attrs }) => {
    const { x, filter, bias } = inputs;
    const g = convGeometry({ operation: tf.FusedConv2D, inShape: x.shape, filterShape: filter.shape, ...attrs });
    const rowBias = !bias || (bias.shape.length === 1 && bias.shape[0] === g.outChannels);
    const supported = rowBias && ['linear', 'relu'].includes(attrs.activation);
    if (supported && fewPixels(g)) return byProduct(backend, inputs, g, attrs.activation);
    return callKernel(backend, tf.FusedConv2D, inputs as unknown as Record<string, Info>, { ...attrs });
  },
);
