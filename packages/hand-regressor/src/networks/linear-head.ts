import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { smallNormal } from './initializer.js';

/** A linear layer named `name` whose first outputs are near zero, so that training starts at the prior. */
export function linearHead(features: SymbolicTensor, rng: Rng, name: string, units: number): SymbolicTensor {
  return layers
    .dense({ name, units, kernelInitializer: smallNormal(rng, name, 0.1 / Math.sqrt(features.shape[1]!)) })
    .apply(features) as SymbolicTensor;
}
