import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { kaimingNormal } from './initializer.js';

/** Channels after each stride-2 convolution. */
export const SMALL_ENCODER_CHANNELS = [24, 48, 96, 160] as const;

/** Width of the features that the head reads. */
export const SMALL_ENCODER_FEATURES = 384;

/**
 * A small encoder for CPUs: 5×5 then 3×3 convolutions of stride 2 with ReLU, and one linear layer over the flattened map.
 * No normalisation layers: on the wasm backend they cost more than the convolutions. Flattening, unlike pooling, keeps
 * where things are, which translation needs.
 *
 * Input [B, S, S, C] in 0–1, mapped to −1…1 inside. Output [B, 384].
 */
export function smallEncoder(input: SymbolicTensor, rng: Rng): SymbolicTensor {
  let x = layers.rescaling({ name: 'rescale', scale: 2, offset: -1 }).apply(input) as SymbolicTensor;
  SMALL_ENCODER_CHANNELS.forEach((filters, i) => {
    const kernelSize = i === 0 ? 5 : 3;
    const fanIn = kernelSize * kernelSize * x.shape[3]!;
    const name = `conv${i + 1}`;
    x = layers
      .conv2d({
        name,
        filters,
        kernelSize,
        strides: 2,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: kaimingNormal(rng, name, fanIn),
      })
      .apply(x) as SymbolicTensor;
  });
  const flat = layers.flatten({ name: 'flatten' }).apply(x) as SymbolicTensor;
  return layers
    .dense({
      name: 'features',
      units: SMALL_ENCODER_FEATURES,
      activation: 'relu',
      kernelInitializer: kaimingNormal(rng, 'features', flat.shape[1]!),
    })
    .apply(flat) as SymbolicTensor;
}
