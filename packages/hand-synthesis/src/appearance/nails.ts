import { srgbToLinear } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { clothColor } from '../scene/cloth-color.js';

/** What nails are mixed with, linear light, and how much of it: pale pink of any tone, or paint. */
export interface NailLook {
  readonly color: readonly [number, number, number];
  readonly share: number;
}

/**
 * @param strength 0 … 1 of nails without paint
 * @param painted share of hands with painted nails
 */
export function nailLook(rng: Rng, strength: number, painted: number): NailLook {
  if (rng.uniform() < painted) return { color: clothColor(rng), share: 1 };
  const share = rng.uniform(0.15, 0.6) * strength;
  const rose = [1, 0.78, 0.72].map((value) => srgbToLinear(value * rng.uniform(0.85, 1)));
  return { color: rose as [number, number, number], share };
}
