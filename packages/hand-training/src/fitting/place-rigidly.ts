import { alignSimilarity, matrixToAxisAngle, transformPoints } from '@opposable/geometry/host';

/** Where each hand stands, for the layer. */
export interface Placements {
  /** [N, 3] axis-angle about the wrist joint, radians */
  readonly globalOrient: Float32Array;
  /** [N, 3] metres */
  readonly transl: Float32Array;
}

/**
 * The rotation and translation that bring one hand closest to each of N hands, without changing its shape or size.
 *
 * The alignment gives y = R·x + t, the layer gives y = R·(x − J) + J + transl about the wrist joint J:
 * transl = t + R·J − J.
 *
 * @param rest [21, 3] keypoints of the hand at zero orientation, metres, the wrist joint first
 * @param targets [N, 21, 3] millimetres
 */
export function placeRigidly(rest: ArrayLike<number>, targets: ArrayLike<number>): Placements {
  const count = targets.length / 63;
  const globalOrient = new Float32Array(count * 3);
  const transl = new Float32Array(count * 3);
  const wrist = [rest[0]!, rest[1]!, rest[2]!];
  for (let n = 0; n < count; n++) {
    const target = Float64Array.from({ length: 63 }, (_, i) => targets[n * 63 + i]! / 1000);
    const { rotation, translation } = alignSimilarity(rest, target, { scale: false, reflection: 'forbid' });
    globalOrient.set(matrixToAxisAngle(rotation), n * 3);
    transl.set(
      transformPoints(rotation, wrist, translation).map((value, axis) => value - wrist[axis]!),
      n * 3,
    );
  }
  return { globalOrient, transl };
}
