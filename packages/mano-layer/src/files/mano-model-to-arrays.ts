import type { ArrayInput } from '@opposable/array-files';
import { FINGER_NAMES } from '@opposable/keypoint-order';
import type { ManoModel } from '../types.js';

/**
 * The arrays of a model, named as in MANO's files, to be written by `writeNpz` or `writeSafetensors` of
 * `@opposable/array-files`; `manoModelFromArrays` reads them back. Keep side and topology beside them, for example as
 * the metadata `{ side, topology }` of a safetensors file, where `loadManoModel` looks for them.
 *
 * The model's own numbers are used, not copied; no field of MANO's licence is added.
 *
 * @param model a hand
 * @returns arrays by field name
 */
export function manoModelToArrays(model: ManoModel): Record<string, ArrayInput> {
  const { vertexCount: V, jointCount: J, shapeCount: S, parents, landmarks, vertexColors } = model;
  const kintree = new Int32Array(2 * J);
  kintree.set(parents);
  for (let j = 0; j < J; j++) kintree[J + j] = j;
  const arrays: Record<string, ArrayInput> = {
    v_template: { shape: [V, 3], data: model.vTemplate },
    shapedirs: { shape: [V, 3, S], data: model.shapeDirs },
    posedirs: { shape: [V, 3, 9 * (J - 1)], data: model.poseDirs },
    J_regressor: { shape: [J, V], data: model.jRegressor },
    weights: { shape: [V, J], data: model.lbsWeights },
    kintree_table: { shape: [2, J], data: kintree },
    f: { shape: [model.faces.length / 3, 3], data: model.faces },
    hands_components: { shape: [model.handsComponents.length / 45, 45], data: model.handsComponents },
    hands_mean: { shape: [45], data: model.handsMean },
  };
  if (landmarks !== undefined) {
    const tips = FINGER_NAMES.map((finger) => landmarks.fingertips[finger]);
    arrays['landmarks_fingertips'] = { shape: [5], data: Int32Array.from(tips) };
    arrays['landmarks_palm'] = { shape: [landmarks.palm.length], data: Int32Array.from(landmarks.palm) };
  }
  if (vertexColors !== undefined) arrays['vertex_colors'] = { shape: [V, 3], data: vertexColors };
  return arrays;
}
