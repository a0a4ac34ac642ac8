import { DatasetError, ShapeError } from '@opposable/tensor-checks';
import type { FitTargets } from './types.js';

const KEYPOINTS = 21;
const NUMBERS_PER_HAND = { keypoints3d: 63, keypoints: 42, visibility: 21, intrinsics: 9 } as const;
const SHAPES = { keypoints3d: '[N, 21, 3]', keypoints: '[N, 21, 2]', visibility: '[N, 21]', intrinsics: '[N, 3, 3]' };

function bad(what: string, expected: string, actual: unknown): DatasetError {
  return new DatasetError(`fitHands: expected ${expected}, got ${what}.`, { expected, actual });
}

/**
 * Checks what hands are to be fitted to.
 *
 * @returns N
 * @throws ShapeError for lengths that do not fit each other; DatasetError for a label that is not a finite number, a
 *   keypoint that is not in front of the camera, or a camera without focal length
 */
export function checkFitTargets(targets: FitTargets): number {
  const count = targets.keypoints3d.length / 63;
  for (const [name, width] of Object.entries(NUMBERS_PER_HAND) as [keyof typeof NUMBERS_PER_HAND, number][]) {
    const { length } = targets[name];
    if (Number.isInteger(count) && count > 0 && length === count * width) continue;
    throw new ShapeError(
      `fitHands: expected ${name} of shape ${SHAPES[name]}${name === 'keypoints3d' ? '' : ` with N = ${count}`}, got ${length} numbers.`,
      { expected: SHAPES[name], actual: length },
    );
  }
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < KEYPOINTS; k++) {
      const point = n * KEYPOINTS + k;
      const where = `for keypoint ${k} of hand ${n}`;
      for (let axis = 0; axis < 3; axis++) {
        const value = targets.keypoints3d[point * 3 + axis]!;
        if (!Number.isFinite(value)) throw bad(`${value} ${where}`, 'finite keypoints3d', value);
      }
      const depth = targets.keypoints3d[point * 3 + 2]!;
      if (!(depth > 0)) throw bad(`z = ${depth} mm ${where}`, 'keypoints3d in front of the camera, z > 0', depth);
      if (targets.visibility[point] === 0) continue;
      for (let axis = 0; axis < 2; axis++) {
        const value = targets.keypoints[point * 2 + axis]!;
        if (!Number.isFinite(value)) throw bad(`${value} ${where}`, 'finite keypoints where visible', value);
      }
    }
    const camera = Array.from({ length: 9 }, (_, i) => targets.intrinsics[n * 9 + i]!);
    const usable = camera.every(Number.isFinite) && camera[0]! > 0 && camera[4]! > 0 && camera[8] === 1;
    if (!usable) {
      throw bad(`[${camera.join(', ')}] for hand ${n}`, 'finite intrinsics with fx > 0, fy > 0 and a last 1', camera);
    }
  }
  return count;
}
