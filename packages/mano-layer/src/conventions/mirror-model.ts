import type { FloatArray } from '@opposable/skinning/host';
import type { ManoModel } from '../types.js';

/** The diagonal of M = diag(−1, 1, 1). */
const signOf = (axis: number): number => (axis % 3 === 0 ? -1 : 1);

/** Conjugation by M keeps x of an axis-angle vector and negates y and z. */
function mirrorAxisAngleRows(rows: FloatArray): FloatArray {
  return rows.map((value, i) => -signOf(i) * value);
}

/**
 * The other hand: the model reflected in the plane x = 0, M = diag(−1, 1, 1).
 *
 * Points, shape directions and pose correctives are multiplied by M; the corrective of element (a, b) of a joint's matrix
 * also by M_a·M_b, because the mirrored pose is M·R·M; mean pose and components likewise, so that the same coefficients
 * give the mirrored pose; triangles are turned over to stay counter-clockwise. Regressor, weights and landmarks stay.
 * Mirroring twice gives the first model again.
 *
 * With the same betas and coefficients, and with globalOrient and other axis-angle input changed from (x, y, z) to
 * (x, −y, −z), the mirrored model gives the mirror image of the posed hand.
 *
 * @param model a hand
 * @returns the same hand of the other side, new arrays
 */
export function mirrorModel(model: ManoModel): ManoModel {
  const { shapeCount, jointCount, faces } = model;
  const features = 9 * (jointCount - 1);
  const turned = faces.slice();
  for (let f = 0; f < faces.length; f += 3) {
    turned[f + 1] = faces[f + 2]!;
    turned[f + 2] = faces[f + 1]!;
  }
  return {
    ...model,
    side: model.side === 'right' ? 'left' : 'right',
    vTemplate: model.vTemplate.map((value, i) => signOf(i) * value),
    shapeDirs: model.shapeDirs.map((value, i) => signOf(Math.floor(i / shapeCount)) * value),
    poseDirs: model.poseDirs.map((value, i) => {
      const element = i % features;
      return signOf(Math.floor(i / features)) * signOf(Math.floor(element / 3)) * signOf(element) * value;
    }),
    faces: turned,
    handsMean: mirrorAxisAngleRows(model.handsMean),
    handsComponents: mirrorAxisAngleRows(model.handsComponents),
  };
}
