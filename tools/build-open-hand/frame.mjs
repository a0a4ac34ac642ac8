/**
 * From the rig's axes to MANO's: fingers along −x, back of the hand +y, thumb +z, the wrist joint at WRIST; then from
 * the rig's slightly bent pose to the flat hand, whose fingers are straight in planes y = const.
 */
import { add, apply3, cross, dot, multiply3, rotationBetween, row, scale, sub, transpose3, unit } from './vectors.mjs';
import { jointTransforms, skin } from './skin.mjs';
import { PARENTS } from './read-rig.mjs';

/**
 * Where the wrist joint stands, metres: a convention of this asset, rounded, chosen so that the origin lies near the
 * knuckle of the middle finger and the wrist at x = +0.095 as users of the 22-number head expect.
 */
export const WRIST = [0.095, 0.006, 0.006];

/** x' = y, y' = x, z' = −z of the rig: determinant +1. */
export const FRAME_FROM_RIG = [0, 1, 0, 1, 0, 0, 0, 0, -1];

/** Direction of the flat thumb: degrees away from −x towards +z, and below the plane of the palm. */
const THUMB_SPREAD = 42;
const THUMB_DROP = 14;

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Brings points of the rig (wrist joint `wrist`) to the frame. */
export function toFrame(points, wrist) {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length / 3; i++)
    out.set(add(apply3(FRAME_FROM_RIG, sub(row(points, i), wrist)), WRIST), 3 * i);
  return out;
}

/** Unit bone directions of joints 1–15: towards the next joint, the last one towards the rig's tip. */
export function boneDirections(joints, tips) {
  return Array.from({ length: 15 }, (_, i) => {
    const j = i + 1;
    const end = j % 3 === 0 ? row(tips, j / 3 - 1) : row(joints, j + 1);
    return unit(sub(end, row(joints, j)));
  });
}

/**
 * Straightens the fingers. Returns the flat vertices, joints and tips, and for each joint 1–15 the bone direction and
 * the dorsal normal in the flat pose.
 */
export function flatten({ vertices, joints, tips, weights, dorsals }) {
  const directions = boneDirections(joints, tips);
  const turns = [[1, 0, 0, 0, 1, 0, 0, 0, 1]]; // global, per joint
  for (let finger = 0; finger < 5; finger++) {
    const first = 3 * finger + 1;
    let target;
    if (finger === 4) {
      const [spread, drop] = [radians(THUMB_SPREAD), radians(THUMB_DROP)];
      target = [-Math.cos(drop) * Math.cos(spread), -Math.sin(drop), Math.cos(drop) * Math.sin(spread)];
    } else {
      const whole = sub(row(tips, finger), row(joints, first));
      target = unit([whole[0], 0, whole[2]]);
    }
    let parent = turns[0];
    for (let j = first; j < first + 3; j++) {
      turns[j] = multiply3(rotationBetween(unit(apply3(parent, directions[j - 1])), target), parent);
      parent = turns[j];
    }
  }
  const local = turns.map((turn, j) => (j === 0 ? turn : multiply3(transpose3(turns[PARENTS[j]]), turn)));
  const transforms = jointTransforms(joints, local);
  const flatJoints = Float64Array.from(transforms.places.flat());
  const flatTips = Float64Array.from(
    [0, 1, 2, 3, 4].flatMap((f) => add(apply3(turns[3 * f + 3], row(tips, f)), transforms.shifts[3 * f + 3])),
  );
  const bones = boneDirections(flatJoints, flatTips);
  const normals = dorsals.map((n, i) => {
    const turned = apply3(turns[i + 1], n);
    return unit(sub(turned, scale(bones[i], dot(turned, bones[i]))));
  });
  return {
    vertices: skin(vertices, weights, transforms),
    joints: flatJoints,
    tips: flatTips,
    bones,
    normals,
    flexionAxes: bones.map((bone, i) => cross(normals[i], bone)),
  };
}
