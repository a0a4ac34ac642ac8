import { srgbToLinear } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';

/** A colour of cloth or things, linear: mostly white, grey, black, blue, sometimes any. */
export function clothColor(rng: Rng): [number, number, number] {
  const value = rng.uniform() < 0.4 ? rng.uniform(0.6, 0.95) : rng.uniform(0.05, 0.7);
  const spread = rng.uniform() < 0.6 ? 0.08 : 0.7;
  const cold = rng.uniform() < 0.3 ? rng.uniform(0, 0.25) : 0;
  const channel = (shift: number): number =>
    srgbToLinear(Math.min(1, Math.max(0.02, value * (1 + spread * rng.uniform(-1, 1) + shift))));
  return [channel(-cold), channel(0), channel(cold)];
}
