import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3, quaternionToMatrix } from '@opposable/geometry/host';
import type { Rng } from '@opposable/tensor-checks';
import type { RotationDistribution } from '../settings/types.js';
import { EGOCENTRIC_TILT } from './egocentric-tilt.js';

const DEGREES = Math.PI / 180;

/** Turns the hand of a zero rotation (fingers to the left, back up) so that fingers point up and the palm to the viewer. */
const UPRIGHT = Float64Array.of(0, 0, -1, 1, 0, 0, 0, -1, 0);

/** Rotations about x, y, z of the image: right, down, away. */
const about = (axis: 0 | 1 | 2, degrees: number): Float64Array =>
  axisAngleToMatrix([0, 1, 2].map((i) => (i === axis ? degrees * DEGREES : 0)));

/** Uniform over all rotations: a quaternion of four independent normal numbers. */
function uniformRotation(rng: Rng): Float64Array {
  const q = Array.from({ length: 4 }, () => rng.normal());
  const norm = Math.sqrt(q.reduce((sum, value) => sum + value * value, 0));
  return quaternionToMatrix(q.map((value) => value / norm));
}

type Realistic = Extract<RotationDistribution, { readonly mode: 'realistic' }>;

function realisticRotation(rng: Rng, how: Realistic): Float64Array {
  const kind = rng.uniform();
  if (kind < how.uniformShare) return uniformRotation(rng);
  const tilt = multiply3x3(about(1, rng.normal(0, how.yawDegrees)), about(0, rng.normal(0, how.pitchDegrees)));
  const roll = about(2, rng.normal(0, how.rollDegrees));
  if (kind < how.uniformShare + how.egocentricShare) {
    // back of the hand to its owner, fingers away from the viewer and up
    const away = multiply3x3(about(0, rng.uniform(...(how.egocentricTiltDegrees ?? EGOCENTRIC_TILT))), about(1, 180));
    return multiply3x3(roll, multiply3x3(tilt, multiply3x3(away, UPRIGHT)));
  }
  const shown = rng.uniform() < how.backShare ? multiply3x3(about(1, 180), UPRIGHT) : UPRIGHT;
  return multiply3x3(roll, multiply3x3(tilt, shown));
}

/**
 * Draws a global rotation as an axis-angle vector in radians.
 *
 * 'full' is the rule of 3dhand: angle uniform in ± π; axis with components uniform in ± 1, one of them, chosen at random,
 * set to 1, then normalised. 'uniform' is uniform over all rotations.
 */
export function sampleRotation(rng: Rng, rotation: RotationDistribution): [number, number, number] {
  if (rotation.mode === 'box') {
    const limit = (rotation.maxDegrees * Math.PI) / 180;
    return [rng.uniform(-limit, limit), rng.uniform(-limit, limit), rng.uniform(-limit, limit)];
  }
  if (rotation.mode !== 'full') {
    const matrix = rotation.mode === 'uniform' ? uniformRotation(rng) : realisticRotation(rng, rotation);
    return [...matrixToAxisAngle(matrix)] as [number, number, number];
  }
  const angle = rng.uniform(-Math.PI, Math.PI);
  const axis = [rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1)];
  axis[rng.integer(0, 2)] = 1;
  const length = Math.sqrt(axis[0]! ** 2 + axis[1]! ** 2 + axis[2]! ** 2);
  return [(angle * axis[0]!) / length, (angle * axis[1]!) / length, (angle * axis[2]!) / length];
}
