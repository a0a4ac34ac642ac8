import type { Rng } from '@opposable/tensor-checks';
import type { RotationDistribution } from '../presets.js';

/**
 * Draws a global rotation as an axis-angle vector in radians.
 *
 * 'full' is the rule of 3dhand: angle uniform in ± π; axis with components uniform in ± 1, one of them, chosen at random,
 * set to 1, then normalised.
 */
export function sampleRotation(rng: Rng, rotation: RotationDistribution): [number, number, number] {
  if (rotation.mode === 'box') {
    const limit = (rotation.maxDegrees * Math.PI) / 180;
    return [rng.uniform(-limit, limit), rng.uniform(-limit, limit), rng.uniform(-limit, limit)];
  }
  const angle = rng.uniform(-Math.PI, Math.PI);
  const axis = [rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1)];
  axis[rng.integer(0, 2)] = 1;
  const length = Math.sqrt(axis[0]! ** 2 + axis[1]! ** 2 + axis[2]! ** 2);
  return [(angle * axis[0]!) / length, (angle * axis[1]!) / length, (angle * axis[2]!) / length];
}
