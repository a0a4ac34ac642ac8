import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { OutputAffine } from '../layers/output-affine.js';
import type { WeightSource } from './initializer.js';
import { liftKeypoints, linearRelu } from './lifting.js';
import { linearHead } from './linear-head.js';
import type { Network, Pooling } from './types.js';

/** Builds features [B, F] from an image. */
export type Encoder = (image: SymbolicTensor, rng: WeightSource, pooling: Pooling) => SymbolicTensor;

/** Features of a lifting that was trained are large: what has been learnt must not drown in a random correction. */
const FIRST_CORRECTION = 0.001;

/** What lifting the maps' keypoints gives, corrected by what the encoder sees. */
function correctLifted(features: SymbolicTensor, image: SymbolicTensor, rng: WeightSource): SymbolicTensor {
  const { hidden, numbers } = liftKeypoints(image, rng);
  const both = layers.concatenate({ name: 'joint.concat' }).apply([hidden, features]) as SymbolicTensor;
  const joint = linearRelu(both, rng, 'joint');
  const correction = linearHead(joint, rng, 'fc', HAND_PARAMETER_COUNT, FIRST_CORRECTION);
  return layers.add({ name: 'fc.add' }).apply([numbers, correction]) as SymbolicTensor;
}

/**
 * Encoder → linear → the 22 numbers, with the constant mean vector added: the design of 3dhand. With `keypointFeatures` the
 * places of the heat maps' keypoints are lifted to the 22 numbers beside it, and the encoder gives a correction of those.
 */
export function regressionNetwork(encoder: Encoder): Network {
  return ({ image, rng, outputScale, pooling, keypointFeatures }) => {
    const features = encoder(image, rng?.split('encoder'), pooling);
    const raw = keypointFeatures
      ? correctLifted(features, image, rng)
      : linearHead(features, rng, 'fc', HAND_PARAMETER_COUNT);
    const mean = new OutputAffine({ name: 'mean', offset: HAND_PARAMETER_MEAN, scale: outputScale });
    return mean.apply(raw) as SymbolicTensor;
  };
}
