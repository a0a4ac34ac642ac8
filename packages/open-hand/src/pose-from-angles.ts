import type { HandJointFrames } from './joint-frames.js';

/** Rotation by `angle` about row `axis` of `axes`, as a quaternion w, x, y, z. */
function turn(axes: Float32Array, axis: number, angle: number): [number, number, number, number] {
  const s = Math.sin(angle / 2);
  return [Math.cos(angle / 2), s * axes[3 * axis]!, s * axes[3 * axis + 1]!, s * axes[3 * axis + 2]!];
}

function multiply(
  a: readonly [number, number, number, number],
  b: readonly [number, number, number, number],
): [number, number, number, number] {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}

/**
 * A hand pose from anatomical angles: R_j = R(flexion axis, flex) · R(dorsal normal, swing) · R(bone, twist).
 *
 * @param frames the axes, from `openHandJointFrames`
 * @param angles [15 × 3] radians: flex, swing and twist of joints 1–15
 * @returns [45] axis-angle numbers of joints 1–15, with no mean taken off
 */
export function poseFromAngles(frames: HandJointFrames, angles: ArrayLike<number>): Float32Array {
  const pose = new Float32Array(45);
  for (let j = 0; j < 15; j++) {
    const [flex, swing, twist] = [0, 1, 2].map((k) => turn(frames.axes, 3 * j + k, angles[3 * j + k]!));
    const q = multiply(multiply(flex!, swing!), twist!);
    const sine = Math.hypot(q[1], q[2], q[3]);
    const scale = sine < 1e-9 ? 2 : (2 * Math.atan2(sine, Math.abs(q[0]))) / sine;
    for (let k = 0; k < 3; k++) pose[3 * j + k] = (q[0] < 0 ? -scale : scale) * q[k + 1]!;
  }
  return pose;
}
