import { ShapeError } from '@opposable/tensor-checks';
import { countPoints } from './check-points.js';

/**
 * Pinhole projection (K·X)₀,₁ / (K·X)₂.
 *
 * @param points flat N×3 in the camera frame: x right, y down, z forward
 * @param intrinsics 9 numbers, row-major K in pixels
 * @param result 2·N numbers, or more, that the pixels are written to; new ones if there are none
 * @returns flat N×2 in pixels, x then y
 * @throws ShapeError if the number of coordinates is not a multiple of 3, or `result` is too short
 */
export function projectPerspective(
  points: ArrayLike<number>,
  intrinsics: ArrayLike<number>,
  result?: Float64Array,
): Float64Array {
  const count = countPoints(points, 3, 'projectPerspective', 'points');
  const k = intrinsics;
  const pixels = result ?? new Float64Array(count * 2);
  if (pixels.length < count * 2) {
    throw new ShapeError(
      `projectPerspective: expected result to hold ${count * 2} numbers, got room for ${pixels.length}.`,
      { expected: [count * 2], actual: pixels.length },
    );
  }
  for (let n = 0; n < count; n++) {
    const x = points[n * 3]!;
    const y = points[n * 3 + 1]!;
    const z = points[n * 3 + 2]!;
    const depth = k[6]! * x + k[7]! * y + k[8]! * z;
    pixels[n * 2] = (k[0]! * x + k[1]! * y + k[2]! * z) / depth;
    pixels[n * 2 + 1] = (k[3]! * x + k[4]! * y + k[5]! * z) / depth;
  }
  return pixels;
}
