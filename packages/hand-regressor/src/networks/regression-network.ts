import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { OutputAffine } from '../layers/output-affine.js';
import { linearHead } from './linear-head.js';
import type { Network, Pooling } from './types.js';
import type { WeightSource } from './initializer.js';

/** Builds features [B, F] from an image. */
export type Encoder = (image: SymbolicTensor, rng: WeightSource, pooling: Pooling) => SymbolicTensor;

/** Encoder → linear → the 22 numbers, with the constant mean vector added: the design of 3dhand. */
export function regressionNetwork(encoder: Encoder): Network {
  return ({ image, rng, outputScale, pooling }) => {
    const features = encoder(image, rng?.split('encoder'), pooling);
    const raw = linearHead(features, rng, 'fc', HAND_PARAMETER_COUNT);
    const mean = new OutputAffine({ name: 'mean', offset: HAND_PARAMETER_MEAN, scale: outputScale });
    return mean.apply(raw) as SymbolicTensor;
  };
}
