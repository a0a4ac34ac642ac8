import type { Rng } from '@opposable/tensor-checks';

/** A vector of the given length in a random direction. */
export function randomVector(rng: Rng, length: number): number[] {
  const direction = [rng.normal(), rng.normal(), rng.normal()];
  const norm = Math.hypot(...direction);
  return direction.map((value) => (value / norm) * length);
}

/** Angles where a formula changes or a quotient is 0/0, from zero up to just below π. */
export const DELICATE_ANGLES = [
  0,
  1e-20,
  1e-8,
  1e-5,
  1e-4,
  1e-3,
  1e-2,
  0.1,
  0.5,
  0.51,
  1,
  2,
  2.09,
  2.1,
  3,
  3.1,
  Math.PI - 1e-2,
  Math.PI - 1e-3,
  Math.PI - 1e-4,
];
