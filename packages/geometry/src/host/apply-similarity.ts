import type { SimilarityTransform } from './align-similarity.js';
import { transformPoints } from './transform-points.js';

/**
 * Applies a similarity transform: y = scale · rotation · x + translation.
 *
 * @param transform as {@link alignSimilarity} returns it
 * @param points flat N×3
 * @returns flat N×3
 * @throws ShapeError if the number of coordinates is not a multiple of 3
 */
export function applySimilarity(transform: SimilarityTransform, points: ArrayLike<number>): Float64Array {
  const { scale, rotation, translation } = transform;
  return transformPoints(
    rotation.map((value) => value * scale),
    points,
    translation,
  );
}
