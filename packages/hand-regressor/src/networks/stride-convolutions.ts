import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { StandardizeImage } from '../layers/standardize-image.js';
import { kaimingNormal, type WeightSource } from './initializer.js';

export interface StrideConvolutionsOptions {
  /** Stands in front of every layer's name. */
  readonly prefix: string;
  /** Channels after each stride-2 convolution, the first of kernel 5, the others 3. */
  readonly channels: readonly number[];
  /** Width of the linear layer over the flattened map. */
  readonly features: number;
  readonly rng: WeightSource;
}

/**
 * Convolutions of stride 2 with ReLU, then one linear layer over the flattened map. Input [B, S, S, C] in 0–1,
 * standardised inside; output [B, features].
 *
 * No normalisation layers: on the wasm backend they cost as much as the convolutions. Flattening, unlike pooling, keeps
 * where things are, which translation needs.
 */
export function strideConvolutions(input: SymbolicTensor, options: StrideConvolutionsOptions): SymbolicTensor {
  const { prefix, channels, features, rng } = options;
  let x = new StandardizeImage({ name: `${prefix}.standardize` }).apply(input) as SymbolicTensor;
  channels.forEach((filters, i) => {
    const kernelSize = i === 0 ? 5 : 3;
    const name = `${prefix}.conv${i + 1}`;
    x = layers
      .conv2d({
        name,
        filters,
        kernelSize,
        strides: 2,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: kaimingNormal(rng, name, kernelSize * kernelSize * x.shape[3]!),
      })
      .apply(x) as SymbolicTensor;
  });
  const flat = layers.flatten({ name: `${prefix}.flatten` }).apply(x) as SymbolicTensor;
  const name = `${prefix}.features`;
  return layers
    .dense({ name, units: features, activation: 'relu', kernelInitializer: kaimingNormal(rng, name, flat.shape[1]!) })
    .apply(flat) as SymbolicTensor;
}
