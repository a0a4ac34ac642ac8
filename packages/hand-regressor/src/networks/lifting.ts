import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { MapPlaces } from '../layers/map-places.js';
import { OutputAffine } from '../layers/output-affine.js';
import { kaimingNormal, type WeightSource } from './initializer.js';
import { linearHead } from './linear-head.js';
import type { Network } from './types.js';

const WIDTH = 512;
const DEPTH = 3;

export function linearRelu(input: SymbolicTensor, rng: WeightSource, name: string): SymbolicTensor {
  const kernelInitializer = kaimingNormal(rng, name, input.shape[1]!);
  return layers.dense({ name, units: WIDTH, activation: 'relu', kernelInitializer }).apply(input) as SymbolicTensor;
}

export interface Lifted {
  /** [B, 512] what the last hidden layer knows */
  readonly hidden: SymbolicTensor;
  /** [B, 22] in units of the output scale, the mean vector not added */
  readonly numbers: SymbolicTensor;
}

/** From the places of the heat maps' keypoints alone to the 22 numbers, through three linear layers of 512 with ReLU. */
export function liftKeypoints(image: SymbolicTensor, rng: WeightSource): Lifted {
  let hidden = new MapPlaces({ name: 'places' }).apply(image) as SymbolicTensor;
  for (let i = 1; i <= DEPTH; i++) hidden = linearRelu(hidden, rng, `places.fc${i}`);
  return { hidden, numbers: linearHead(hidden, rng, 'places.fc', HAND_PARAMETER_COUNT) };
}

/** The lifting alone: the network never sees the image. */
export const liftingNetwork: Network = ({ image, rng, outputScale }) => {
  const { numbers } = liftKeypoints(image, rng);
  const mean = new OutputAffine({ name: 'mean', offset: HAND_PARAMETER_MEAN, scale: outputScale });
  return mean.apply(numbers) as SymbolicTensor;
};
