import { countPoints } from './check-points.js';

/**
 * Applies a matrix and a translation to points: y = M·x + t.
 *
 * @param matrix 9 numbers, row-major
 * @param points flat N×3
 * @param translation 3 numbers, default zero
 * @returns flat N×3
 * @throws ShapeError if the number of coordinates is not a multiple of 3
 */
export function transformPoints(
  matrix: ArrayLike<number>,
  points: ArrayLike<number>,
  translation: ArrayLike<number> = [0, 0, 0],
): Float64Array {
  const count = countPoints(points, 3, 'transformPoints', 'points');
  const result = new Float64Array(count * 3);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < 3; i++) {
      result[n * 3 + i] =
        matrix[i * 3]! * points[n * 3]! +
        matrix[i * 3 + 1]! * points[n * 3 + 1]! +
        matrix[i * 3 + 2]! * points[n * 3 + 2]! +
        translation[i]!;
    }
  }
  return result;
}
