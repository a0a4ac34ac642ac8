import { countPoints } from './check-points.js';

/**
 * Pinhole projection (K·X)₀,₁ / (K·X)₂.
 *
 * @param points flat N×3 in the camera frame: x right, y down, z forward
 * @param intrinsics 9 numbers, row-major K in pixels
 * @returns flat N×2 in pixels, x then y
 * @throws ShapeError if the number of coordinates is not a multiple of 3
 */
export function projectPerspective(points: ArrayLike<number>, intrinsics: ArrayLike<number>): Float64Array {
  const count = countPoints(points, 3, 'projectPerspective', 'points');
  const k = intrinsics;
  const result = new Float64Array(count * 2);
  for (let n = 0; n < count; n++) {
    const [x, y, z] = [points[n * 3]!, points[n * 3 + 1]!, points[n * 3 + 2]!];
    const depth = k[6]! * x + k[7]! * y + k[8]! * z;
    result[n * 2] = (k[0]! * x + k[1]! * y + k[2]! * z) / depth;
    result[n * 2 + 1] = (k[3]! * x + k[4]! * y + k[5]! * z) / depth;
  }
  return result;
}
