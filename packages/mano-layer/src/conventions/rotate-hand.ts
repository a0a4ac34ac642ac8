import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3, type RigidTransform } from '@opposable/geometry/host';
import { shapeJoints } from '@opposable/skinning/host';
import { ShapeError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';

/** Where a hand stands: rotation about its wrist and translation. */
export interface HandPlacement {
  /** [3] axis-angle, radians. */
  readonly globalOrient: ArrayLike<number>;
  /** [3] metres. */
  readonly transl: ArrayLike<number>;
}

/**
 * The placement that moves the whole posed hand by a change of frame.
 *
 * The layer turns about the wrist's rest joint J_0, which depends on the shape and is not the origin. Therefore
 * globalOrient' = log(R·exp(globalOrient)) and transl' = R·(J_0 + transl) − J_0 + t; leaving the J_0 terms out moves the
 * hand by up to 2|J_0|.
 *
 * @param model a hand
 * @param betas [S] shape coefficients
 * @param placement globalOrient and transl in the old frame
 * @param transform new frame from old
 * @returns globalOrient and transl in the new frame
 * @throws ShapeError if an argument has the wrong length
 */
export function rotateHand(
  model: ManoModel,
  betas: ArrayLike<number>,
  { globalOrient, transl }: HandPlacement,
  { rotation, translation }: RigidTransform,
): { globalOrient: Float64Array; transl: Float64Array } {
  for (const [name, array, length] of [
    ['globalOrient', globalOrient, 3],
    ['transl', transl, 3],
    ['rotation', rotation, 9],
    ['translation', translation, 3],
  ] as const) {
    if (array.length !== length) {
      throw new ShapeError(`rotateHand: expected ${name} of length ${length}, got ${array.length}.`, {
        expected: [length],
        actual: [array.length],
      });
    }
  }
  const wrist = shapeJoints(model, betas);
  const moved = Float64Array.from({ length: 3 }, (_, i) => {
    let sum = translation[i]! - wrist[i]!;
    for (let k = 0; k < 3; k++) sum += rotation[i * 3 + k]! * (wrist[k]! + transl[k]!);
    return sum;
  });
  return {
    globalOrient: matrixToAxisAngle(multiply3x3(rotation, axisAngleToMatrix(globalOrient))),
    transl: moved,
  };
}
