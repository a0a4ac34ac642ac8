import { countPoints } from './check-points.js';
import { checkWeakPerspectiveForm, type WeakPerspectiveForm } from './weak-perspective-form.js';

/**
 * Weak-perspective projection: t + s·(X, Y), or s·((X, Y) + t) for the form `'translate-before-scale'`.
 *
 * @param points flat N×3
 * @param scale pixels per unit of `points`
 * @param translation 2 numbers, pixels (in the other form: the unit of `points`)
 * @returns flat N×2, x then y
 * @throws ShapeError if the number of coordinates is not a multiple of 3; ConfigError for an unknown form
 */
export function projectWeakPerspective(
  points: ArrayLike<number>,
  scale: number,
  translation: ArrayLike<number>,
  options: { form?: WeakPerspectiveForm } = {},
): Float64Array {
  const form = checkWeakPerspectiveForm(options.form, 'projectWeakPerspective');
  const count = countPoints(points, 3, 'projectWeakPerspective', 'points');
  const offsetScale = form === 'translate-after-scale' ? 1 : scale;
  const result = new Float64Array(count * 2);
  for (let n = 0; n < count; n++) {
    result[n * 2] = scale * points[n * 3]! + offsetScale * translation[0]!;
    result[n * 2 + 1] = scale * points[n * 3 + 1]! + offsetScale * translation[1]!;
  }
  return result;
}
