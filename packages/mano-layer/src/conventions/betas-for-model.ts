import { shapeIdentity } from '@opposable/skinning/host';
import type { ManoModel } from '../types.js';
import { orthogonalRows, solveByOrthogonalRows } from './solve-by-orthogonal-rows.js';

export interface BetasForModelOptions {
  /** Whether the target is the hand of the other side. */
  readonly mirrored: boolean;
  /** false: the numbers mean the same on both models and are copied. true: the nearest shape is sought. */
  readonly refit: boolean;
}

/** Vertices of a shape at rest, relative to the wrist joint. */
function restShape(model: ManoModel, betas: ArrayLike<number>): Float64Array {
  const { vShaped, restJoints } = shapeIdentity(model, betas);
  return vShaped.map((value, i) => value - restJoints[i % 3]!);
}

/**
 * Shape coefficients for another model of the same mesh: copied, or refitted so that the vertices at rest, relative to the
 * wrist joint, come nearest to those of the source (least squares).
 *
 * @param source the model to which betas belong
 * @param target a model with the same vertices
 * @param betas [S of source]
 * @returns betas [S of target] and the largest distance of a rest vertex from where it was, in metres
 * @throws ConfigError if the target's shape directions depend on each other
 */
export function betasForModel(
  source: ManoModel,
  target: ManoModel,
  betas: ArrayLike<number>,
  { mirrored, refit }: BetasForModelOptions,
): { betas: Float64Array; residual: number } {
  if (source === target) return { betas: Float64Array.from(betas), residual: 0 };
  const wanted = restShape(source, betas).map((value, i) => (mirrored && i % 3 === 0 ? -value : value));
  let found: Float64Array = Float64Array.from(betas);
  if (refit) {
    const zeros = new Float64Array(target.shapeCount);
    const mean = restShape(target, zeros);
    const directions = Array.from({ length: target.shapeCount }, (_, s) => {
      const unit = zeros.slice();
      unit[s] = 1;
      return restShape(target, unit).map((value, i) => value - mean[i]!);
    });
    const difference = wanted.map((value, i) => value - mean[i]!);
    found = solveByOrthogonalRows(orthogonalRows(directions, 'betasForModel: shape direction'), difference);
  }
  const reached = restShape(target, found);
  let residual = 0;
  for (let i = 0; i < wanted.length; i += 3) {
    const distance = Math.hypot(
      reached[i]! - wanted[i]!,
      reached[i + 1]! - wanted[i + 1]!,
      reached[i + 2]! - wanted[i + 2]!,
    );
    residual = Math.max(residual, distance);
  }
  return { betas: found, residual };
}
