/** A weak-perspective camera: (u, v) = translation + scale·(X, Y). */
export interface WeakPerspectiveCamera {
  /** Pixels per unit of length. */
  scale: number;
  /** 2 numbers, pixels. */
  translation: Float64Array;
}

/**
 * The place before a perspective camera at which an object looks as under a weak-perspective camera:
 * Z = f/s with f = (fx + fy)/2, Y = (v − cy)·Z/fy, X = ((u − cx)·Z − skew·Y)/fx.
 *
 * @param scale pixels per unit of length
 * @param translation 2 numbers (u, v), pixels
 * @param intrinsics 9 numbers, row-major K, pixels of the same image
 * @returns 3 numbers, to be added to the object, in the unit of length of `scale`
 */
export function weakToPerspective(
  scale: number,
  translation: ArrayLike<number>,
  intrinsics: ArrayLike<number>,
): Float64Array {
  const k = intrinsics;
  const z = (k[0]! + k[4]!) / 2 / scale;
  const y = ((translation[1]! - k[5]!) * z) / k[4]!;
  const x = ((translation[0]! - k[2]!) * z - k[1]! * y) / k[0]!;
  return Float64Array.of(x, y, z);
}

/**
 * The weak-perspective camera tangent to a perspective one at a point, the inverse of {@link weakToPerspective}:
 * s = f/Z with f = (fx + fy)/2; the translation is the projection of the point.
 *
 * @param position 3 numbers, the place of the object's origin in the camera frame
 * @param intrinsics 9 numbers, row-major K in pixels
 */
export function perspectiveToWeak(position: ArrayLike<number>, intrinsics: ArrayLike<number>): WeakPerspectiveCamera {
  const k = intrinsics;
  const [x, y, z] = [position[0]!, position[1]!, position[2]!];
  const u = (k[0]! * x + k[1]! * y) / z + k[2]!;
  const v = (k[4]! * y) / z + k[5]!;
  return { scale: (k[0]! + k[4]!) / 2 / z, translation: Float64Array.of(u, v) };
}
