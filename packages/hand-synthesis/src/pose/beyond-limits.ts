import { axisAngleToMatrix } from '@opposable/geometry/host';
import type { HandJointFrames } from '@opposable/open-hand';

const JOINTS = 15;

/**
 * How far a pose of the open hand goes beyond the limits of motion, radians: the most of any angle of any joint, 0 within them.
 *
 * The angles are those of R = R(flexion axis, flex) · R(dorsal normal, swing) · R(bone, twist), read from R in these axes.
 *
 * @param pose [45] axis-angle numbers of the finger joints, the mean included
 */
export function beyondLimits({ axes, limits }: HandJointFrames, pose: ArrayLike<number>): number {
  let most = 0;
  for (let joint = 0; joint < JOINTS; joint++) {
    const rotation = axisAngleToMatrix([pose[3 * joint]!, pose[3 * joint + 1]!, pose[3 * joint + 2]!]);
    const axis = (k: number, i: number): number => axes[9 * joint + 3 * k + i]!;
    const entry = (row: number, column: number): number => {
      let sum = 0;
      for (let i = 0; i < 9; i++) sum += axis(row, Math.floor(i / 3)) * rotation[i]! * axis(column, i % 3);
      return sum;
    };
    let handedness = 0;
    for (let i = 0; i < 3; i++) {
      const [j, k] = [(i + 1) % 3, (i + 2) % 3];
      handedness += axis(0, i) * (axis(1, j) * axis(2, k) - axis(1, k) * axis(2, j));
    }
    const sign = Math.sign(handedness);
    const angles = [
      Math.atan2(-sign * entry(1, 2), entry(2, 2)),
      Math.asin(Math.max(-1, Math.min(1, sign * entry(0, 2)))),
      Math.atan2(-sign * entry(0, 1), entry(0, 0)),
    ];
    angles.forEach((angle, k) => {
      const at = 6 * joint + 2 * k;
      most = Math.max(most, limits[at]! - angle, angle - limits[at + 1]!);
    });
  }
  return most;
}
