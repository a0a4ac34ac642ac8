import { initializers } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';

type Initializer = ReturnType<typeof initializers.randomNormal>;

/** Where initial weights come from; undefined: zeros, for weights that will be loaded. Millions of normal deviates take seconds. */
export type WeightSource = Rng | undefined;

function seedOf(rng: Rng, name: string): number {
  return rng.split(name).integer(1, 2 ** 31 - 1);
}

/** Normal with a given standard deviation, for output layers that should start near their prior. */
export function smallNormal(source: WeightSource, name: string, stddev: number): Initializer {
  if (source === undefined) return initializers.zeros();
  return initializers.randomNormal({ mean: 0, stddev, seed: seedOf(source, name) });
}

/** Kaiming normal: standard deviation √(2 / fan), the number of inputs or outputs of a kernel's weights. */
export function kaimingNormal(source: WeightSource, name: string, fan: number): Initializer {
  return smallNormal(source, name, Math.sqrt(2 / fan));
}

/** PyTorch's default for convolutions: uniform within ±1/√fanIn. */
export function torchUniform(rng: Rng, name: string, fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn);
  return initializers.randomUniform({ minval: -bound, maxval: bound, seed: seedOf(rng, name) });
}
