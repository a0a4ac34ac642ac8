import * as tf from '@tensorflow/tfjs-core';
import { axisAngleToMatrix, quaternionToMatrix, rotation6dToMatrix } from '@opposable/geometry';
import type { PoseBasis } from '@opposable/skinning';
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

/** Sizes of one item of a layer's inputs, the batch left out. */
export function poseItemShapes({ poseRepresentation, numPcaComponents }: ResolvedLayerOptions) {
  const { pose, orient } = ITEM_SHAPES[poseRepresentation];
  return { handPose: poseRepresentation === 'pca' ? [numPcaComponents] : pose, globalOrient: orient };
}

/** Checks the shapes of a pose against the layer's representation. */
export function assertPoseShapes(
  options: ResolvedLayerOptions,
  handPose: tf.Tensor,
  globalOrient: tf.Tensor,
  sizes: DimensionSizes,
): void {
  const shapes = poseItemShapes(options);
  assertShape(handPose, ['B', ...shapes.handPose], 'ManoLayer.forward', 'handPose', sizes);
  assertShape(globalOrient, ['B', ...shapes.globalOrient], 'ManoLayer.forward', 'globalOrient', sizes);
}

/** How the numbers of a pose become the 45 axis-angle numbers. */
export function poseBasis(model: ManoModel, options: ResolvedLayerOptions): PoseBasis {
  const mean = options.flatHandMean ? undefined : model.handsMean;
  if (options.poseRepresentation !== 'pca') return { mean };
  return { components: model.handsComponents.subarray(0, options.numPcaComponents * HAND_POSE_COUNT), mean };
}

/** A pose as `parametricModel` takes it: numbers for the pose basis, or matrices. */
export interface SkinningPose {
  readonly pose: tf.Tensor;
  readonly globalOrient: tf.Tensor;
  readonly worldRotation: tf.Tensor3D | undefined;
}

/** Whether {@link skinningPose} makes tensors, so that it must run inside tf.tidy. */
export function isPoseConverted({ poseRepresentation, orientAbout }: ResolvedLayerOptions): boolean {
  return poseRepresentation === '6d' || poseRepresentation === 'quaternion' || orientAbout === 'origin';
}

/** The layer's inputs as skinning takes them: six numbers and quaternions as matrices, turns about the origin apart. */
export function skinningPose(options: ResolvedLayerOptions, given: SkinningPose): SkinningPose {
  const { pose, globalOrient, worldRotation } = given;
  const { poseRepresentation, rotation6dLayout, orientAbout } = options;
  if (orientAbout === 'origin') {
    const root = tf.tile(tf.tensor2d([[Math.PI, 0, 0]]), [globalOrient.shape[0], 1]);
    const turn = axisAngleToMatrix(globalOrient) as tf.Tensor3D;
    return {
      pose,
      globalOrient: root,
      worldRotation: worldRotation === undefined ? turn : tf.matMul(worldRotation, turn),
    };
  }
  if (poseRepresentation !== '6d' && poseRepresentation !== 'quaternion') return given;
  const toMatrix = (rotations: tf.Tensor): tf.Tensor =>
    poseRepresentation === 'quaternion'
      ? quaternionToMatrix(rotations)
      : rotation6dToMatrix(rotations, { layout: rotation6dLayout! });
  return { pose: toMatrix(pose), globalOrient: toMatrix(globalOrient), worldRotation };
}
