import { Matrix, SVD } from 'ml-matrix';
import { ConfigError, OpposableError, ShapeError } from '@opposable/tensor-checks';
import { countPoints } from './check-points.js';
import { determinant3x3, multiply3x3, transpose3x3 } from './matrix3.js';

/** y = scale · rotation · x + translation. */
export interface SimilarityTransform {
  scale: number;
  /** 9 numbers, row-major; determinant +1, or −1 where a reflection was allowed and fits better. */
  rotation: Float64Array;
  /** 3 numbers. */
  translation: Float64Array;
}

export interface AlignSimilarityOptions {
  /** `'forbid'`: determinant +1 always. `'allow'`: a mirrored fit where it is closer. Protocols differ: no default. */
  reflection: 'forbid' | 'allow';
  /** Whether the scale is fitted (default) or kept at 1. */
  scale?: boolean;
}

/** A singular value below this fraction of the largest counts as zero: the points lie in a plane or on a line. */
const RANK_TOLERANCE = 1e-12;

/** The mean point, measured from the first one: exact where all points coincide. */
function centroid(points: ArrayLike<number>, count: number): Float64Array {
  const offset = new Float64Array(3);
  for (let i = 0; i < points.length; i++) offset[i % 3]! += (points[i]! - points[i % 3]!) / count;
  return offset.map((value, i) => value + points[i]!);
}

function checkFinite(points: ArrayLike<number>, argument: string): void {
  for (let i = 0; i < points.length; i++) {
    if (!Number.isFinite(points[i]!)) {
      throw new OpposableError(
        `alignSimilarity: expected finite coordinates, got ${points[i]} in ${argument} at point ${Math.floor(i / 3)}.`,
        { expected: 'finite numbers', actual: points[i] },
      );
    }
  }
}

/**
 * The similarity transform that brings `source` closest to `target` in the least-squares sense (Procrustes).
 *
 * Minimises Σ |target − (s·R·source + t)|². With Σ = Σ (y − ȳ)(x − x̄)ᵀ = U D Vᵀ: R = U S Vᵀ, s = tr(D S)/Σ|x − x̄|²,
 * S = diag(1, 1, ±1) (Umeyama 1991).
 *
 * Where the answer is not unique, one best fit is returned: points in a plane give a proper rotation in both modes; on
 * a line, some rotation that takes one line to the other; if all source points coincide, the identity with scale 1; if
 * all target points coincide, the identity with scale 0 (1 where the scale is not fitted).
 *
 * @param source flat N×3, N >= 3
 * @param target flat N×3, the same N
 * @param options `reflection` (required) and `scale`
 * @returns target ≈ scale · rotation · source + translation
 * @throws ShapeError for lengths that differ or fewer than 3 points; OpposableError for NaN or infinite coordinates;
 *   ConfigError for an unknown `reflection`
 */
export function alignSimilarity(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  options: AlignSimilarityOptions,
): SimilarityTransform {
  const { reflection, scale: fitScale = true } = options;
  if (reflection !== 'forbid' && reflection !== 'allow') {
    throw new ConfigError(`alignSimilarity: expected reflection 'forbid' or 'allow', got ${String(reflection)}.`, {
      expected: ['forbid', 'allow'],
      actual: reflection,
    });
  }
  const count = countPoints(source, 3, 'alignSimilarity', 'source');
  if (countPoints(target, 3, 'alignSimilarity', 'target') !== count || count < 3) {
    throw new ShapeError(
      `alignSimilarity: expected source and target of the same N >= 3 points, got ${count} and ${target.length / 3}.`,
      { expected: 'N >= 3', actual: [count, target.length / 3] },
    );
  }
  checkFinite(source, 'source');
  checkFinite(target, 'target');

  const from = centroid(source, count);
  const to = centroid(target, count);
  const covariance = new Float64Array(9);
  let sourceSpread = 0;
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < 3; j++) {
      const x = source[n * 3 + j]! - from[j]!;
      sourceSpread += x * x;
      for (let i = 0; i < 3; i++) covariance[i * 3 + j]! += (target[n * 3 + i]! - to[i]!) * x;
    }
  }
  const { rotation, overlap } = closestRotation(covariance, reflection);
  const scale = fitScale && sourceSpread > 0 ? overlap / sourceSpread : 1;
  const translation = to.map(
    (value, i) =>
      value - scale * (rotation[i * 3]! * from[0]! + rotation[i * 3 + 1]! * from[1]! + rotation[i * 3 + 2]! * from[2]!),
  );
  return { scale, rotation, translation };
}

/** The rotation that maximises tr(Rᵀ Σ), and that maximum. */
function closestRotation(
  covariance: Float64Array,
  reflection: 'forbid' | 'allow',
): { rotation: Float64Array; overlap: number } {
  if (covariance.every((value) => value === 0)) {
    return { rotation: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), overlap: 0 };
  }
  const svd = new SVD(Matrix.from1DArray(3, 3, covariance), { autoTranspose: false });
  const u = Float64Array.from(svd.leftSingularVectors.to1DArray());
  const vTransposed = transpose3x3(svd.rightSingularVectors.to1DArray());
  const singular = svd.diagonal;
  const isFlat = singular[2]! <= RANK_TOLERANCE * singular[0]!;
  const isMirrored = determinant3x3(u) * determinant3x3(vTransposed) < 0;
  const last = isMirrored && (reflection === 'forbid' || isFlat) ? -1 : 1;
  for (let i = 0; i < 3; i++) u[i * 3 + 2]! *= last;
  return { rotation: multiply3x3(u, vTransposed), overlap: singular[0]! + singular[1]! + last * singular[2]! };
}
