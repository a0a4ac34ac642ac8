import * as tf from '@tensorflow/tfjs-core';
import { axisAngleToMatrix, quaternionToMatrix, rotation6dToMatrix } from '@opposable/geometry';
import { assertShape, type DimensionSizes } from '@opposable/tensor-checks';
import type { PoseRepresentation, ResolvedLayerOptions } from '../conventions/layer-options.js';
import { HAND_POSE_COUNT } from '../conventions/validate-mano-model.js';
import type { ManoModel } from '../types.js';

const FINGER_JOINTS = 15;

/** Shape of one pose and of one global orientation in each representation. */
const ITEM_SHAPES: Readonly<Record<PoseRepresentation, { pose: readonly number[]; orient: readonly number[] }>> = {
  pca: { pose: [], orient: [3] },
  'axis-angle': { pose: [HAND_POSE_COUNT], orient: [3] },
  matrix: { pose: [FINGER_JOINTS, 3, 3], orient: [3, 3] },
  '6d': { pose: [FINGER_JOINTS, 6], orient: [6] },
  quaternion: { pose: [FINGER_JOINTS, 4], orient: [4] },
};

/**
 * The matrix and offset of full = [globalOrient, handPose] · matrix + offset, the axis-angle numbers of all 16 joints.
 *
 * @returns matrix [3 + n, 48], offset [48]: zeros, with the mean pose where it is added
 */
export function poseBasis(
  model: ManoModel,
  options: ResolvedLayerOptions,
): { matrix: tf.Tensor2D; offset: tf.Tensor1D } {
  const columns = 3 + HAND_POSE_COUNT;
  const isPca = options.poseRepresentation === 'pca';
  const count = isPca ? options.numPcaComponents : HAND_POSE_COUNT;
  const matrix = new Float32Array((3 + count) * columns);
  for (let i = 0; i < 3; i++) matrix[i * columns + i] = 1;
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < HAND_POSE_COUNT; k++) {
      matrix[(3 + n) * columns + 3 + k] = isPca ? model.handsComponents[n * HAND_POSE_COUNT + k]! : Number(n === k);
    }
  }
  const offset = new Float32Array(columns);
  if (!options.flatHandMean) offset.set(model.handsMean, 3);
  return { matrix: tf.tensor2d(matrix, [3 + count, columns]), offset: tf.tensor1d(offset) };
}

/** Checks the shapes of a pose against the layer's representation. */
export function assertPoseShapes(
  { poseRepresentation, numPcaComponents }: ResolvedLayerOptions,
  handPose: tf.Tensor,
  globalOrient: tf.Tensor,
  sizes: DimensionSizes,
): void {
  const { pose, orient } = ITEM_SHAPES[poseRepresentation];
  const expected = poseRepresentation === 'pca' ? [numPcaComponents] : pose;
  assertShape(handPose, ['B', ...expected], 'ManoLayer.forward', 'handPose', sizes);
  assertShape(globalOrient, ['B', ...orient], 'ManoLayer.forward', 'globalOrient', sizes);
}

/**
 * Rotation matrices of the wrist and the 15 finger joints.
 *
 * @param handPose in the layer's representation: [B, n], [B, 45], [B, 15, 3, 3], [B, 15, 6] or [B, 15, 4]
 * @param globalOrient likewise: [B, 3], [B, 3], [B, 3, 3], [B, 6] or [B, 4]
 * @returns [B, 16, 3, 3]
 */
export function poseRotations(
  options: ResolvedLayerOptions,
  basis: { matrix: tf.Tensor2D; offset: tf.Tensor1D },
  handPose: tf.Tensor,
  globalOrient: tf.Tensor,
): tf.Tensor4D {
  const batch = handPose.shape[0];
  const { poseRepresentation } = options;
  if (poseRepresentation === 'pca' || poseRepresentation === 'axis-angle') {
    const given = tf.concat<tf.Tensor2D>([globalOrient as tf.Tensor2D, handPose as tf.Tensor2D], 1);
    const isPlain = poseRepresentation === 'axis-angle' && options.flatHandMean;
    const full = isPlain ? given : tf.add(tf.matMul(given, basis.matrix), basis.offset);
    return axisAngleToMatrix(tf.reshape(full, [batch, FINGER_JOINTS + 1, 3])) as tf.Tensor4D;
  }
  const item = ITEM_SHAPES[poseRepresentation].orient;
  const all = tf.concat([tf.reshape(globalOrient, [batch, 1, ...item]), handPose], 1);
  if (poseRepresentation === 'matrix') return all as tf.Tensor4D;
  if (poseRepresentation === 'quaternion') return quaternionToMatrix(all) as tf.Tensor4D;
  return rotation6dToMatrix(all, { layout: options.rotation6dLayout! }) as tf.Tensor4D;
}
