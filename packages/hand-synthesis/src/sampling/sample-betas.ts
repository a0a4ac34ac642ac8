import type { Rng } from '@opposable/tensor-checks';
import type { BetasDistribution } from '../settings/types.js';

/** Draws shape coefficients. */
export function sampleBetas(rng: Rng, count: number, betas: BetasDistribution): Float64Array {
  return Float64Array.from({ length: count }, () => {
    if (betas.distribution === 'uniform') return rng.uniform(-betas.range, betas.range);
    let value = rng.normal(0, betas.deviation);
    while (Math.abs(value) > betas.clip) value = rng.normal(0, betas.deviation);
    return value;
  });
}
