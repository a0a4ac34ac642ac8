import { transpose3x3 } from './matrix3.js';
import { transformPoints } from './transform-points.js';

/** A change of frame X' = R·X + t, for example cameraFromWorld. */
export interface RigidTransform {
  /** [3, 3] row-major rotation. */
  readonly rotation: ArrayLike<number>;
  /** [3] in the unit of the points, mostly metres. */
  readonly translation: ArrayLike<number>;
}

/**
 * The change of frame back: X = Rᵀ·X' − Rᵀ·t.
 *
 * @param transform new frame from old
 * @returns old frame from new
 */
export function invertRigidTransform({ rotation, translation }: RigidTransform): {
  rotation: Float64Array;
  translation: Float64Array;
} {
  const inverse = transpose3x3(rotation);
  return { rotation: inverse, translation: transformPoints(inverse, translation).map((value) => 0 - value) };
}
