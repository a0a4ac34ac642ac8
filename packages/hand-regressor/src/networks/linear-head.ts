import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { smallNormal, type WeightSource } from './initializer.js';

/**
 * A linear layer named `name` whose first outputs are near zero, so that training starts at the prior.
 *
 * @param deviation of the outputs for features of unit size
 */
export function linearHead(
  features: SymbolicTensor,
  rng: WeightSource,
  name: string,
  units: number,
  deviation = 0.1,
): SymbolicTensor {
  return layers
    .dense({ name, units, kernelInitializer: smallNormal(rng, name, deviation / Math.sqrt(features.shape[1]!)) })
    .apply(features) as SymbolicTensor;
}
