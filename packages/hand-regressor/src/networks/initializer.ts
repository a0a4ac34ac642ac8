import { initializers } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';

type Initializer = ReturnType<typeof initializers.randomNormal>;

function seedOf(rng: Rng, name: string): number {
  return rng.split(name).integer(1, 2 ** 31 - 1);
}

/** Kaiming normal, fan-in: standard deviation √(2 / fanIn), the initialisation of every convolution and linear layer of the reproduction. */
export function kaimingNormal(rng: Rng, name: string, fanIn: number): Initializer {
  return initializers.randomNormal({ mean: 0, stddev: Math.sqrt(2 / fanIn), seed: seedOf(rng, name) });
}

/** Normal with a given standard deviation, for output layers that should start near their prior. */
export function smallNormal(rng: Rng, name: string, standardDeviation: number): Initializer {
  return initializers.randomNormal({ mean: 0, stddev: standardDeviation, seed: seedOf(rng, name) });
}

/** PyTorch's default for convolutions: uniform within ±1/√fanIn. */
export function torchUniform(rng: Rng, name: string, fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn);
  return initializers.randomUniform({ minval: -bound, maxval: bound, seed: seedOf(rng, name) });
}
