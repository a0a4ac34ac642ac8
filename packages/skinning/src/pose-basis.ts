import { ShapeError } from '@opposable/tensor-checks';
import type { FloatArray } from './host/types.js';

/** How pose numbers become the axis-angle vectors of joints 1 … J − 1: mean + pose · components. */
export interface PoseBasis {
  /** [n, 3·(J − 1)], one row per pose number. Default: the numbers are the vectors themselves, n = 3·(J − 1). */
  readonly components?: FloatArray | undefined;
  /** [3·(J − 1)] in radians. Default zeros. */
  readonly mean?: FloatArray | undefined;
}

/**
 * Checks a pose basis against a model and says how many pose numbers it takes.
 *
 * @throws ShapeError if an array does not have a number for every joint but the root
 */
export function poseNumberCount({ components, mean }: PoseBasis, jointCount: number): number {
  const length = 3 * (jointCount - 1);
  const fail = (name: string, accepted: string, actual: number): never => {
    throw new ShapeError(
      `createSkinningConstants: expected poseBasis.${name} with ${accepted} numbers for ${jointCount} joints, got ${actual}.`,
      { expected: accepted, actual },
    );
  };
  if (mean !== undefined && mean.length !== length) fail('mean', String(length), mean.length);
  if (components === undefined) return length;
  if (length === 0 || components.length === 0 || components.length % length !== 0) {
    fail('components', `rows of ${length}`, components.length);
  }
  return components.length / length;
}
