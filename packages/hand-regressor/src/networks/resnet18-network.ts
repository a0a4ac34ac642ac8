import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { OutputAffine } from '../layers/output-affine.js';
import { linearHead } from './linear-head.js';
import { resnet18Encoder } from './resnet18-encoder.js';
import type { NetworkParts } from './types.js';

/** ResNet-18 → linear → the 22 numbers, with the constant mean vector added: the design of 3dhand. */
export function resnet18Network({ image, rng, outputScale }: NetworkParts): SymbolicTensor {
  const features = resnet18Encoder(image, rng.split('encoder'));
  const raw = linearHead(features, rng, 'fc', HAND_PARAMETER_COUNT);
  return new OutputAffine({ name: 'mean', offset: HAND_PARAMETER_MEAN, scale: outputScale }).apply(
    raw,
  ) as SymbolicTensor;
}
