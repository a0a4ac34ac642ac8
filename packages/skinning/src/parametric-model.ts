import * as tf from '@tensorflow/tfjs-core';
import { axisAngleToMatrix } from '@opposable/geometry';
import { assertShape } from '@opposable/tensor-checks';
import { multiplyConstant } from './constant-matrix.js';
import type { SkinningConstants } from './create-skinning-constants.js';
import {
  checkInput,
  type PlacementInput,
  runModel,
  type ShapeInput,
  type SkinnedJoints,
  type SkinnedSurface,
  type SkinningOptions,
} from './run-model.js';

/** Shapes and poses of a batch, the poses as numbers or as matrices without the root. */
export type ParametricModelInput = ShapeInput &
  PlacementInput & {
    /** [B, n] numbers of the constants' pose basis, or [B, J − 1, 3, 3] rotation matrices of joints 1 … J − 1. */
    readonly pose: tf.Tensor;
    /** Rotation about the root joint: [B, 3] axis-angle in radians beside numbers, [B, 3, 3] beside matrices. */
    readonly globalOrient: tf.Tensor;
  };

/** [B, J, 3, 3] from pose numbers or matrices. */
function composeRotations(constants: SkinningConstants, pose: tf.Tensor, globalOrient: tf.Tensor): tf.Tensor4D {
  const batch = pose.shape[0];
  if (pose.rank === 4) return tf.concat([tf.reshape(globalOrient, [batch, 1, 3, 3]), pose as tf.Tensor4D], 1);
  const { components, mean } = constants.composed().pose;
  const product = components === undefined ? pose : multiplyConstant(pose as tf.Tensor2D, components);
  const others = mean === undefined ? product : tf.add(product, mean);
  const all = tf.concat([globalOrient, others], 1);
  return axisAngleToMatrix(tf.reshape(all, [batch, constants.jointCount, 3])) as tf.Tensor4D;
}

/**
 * A whole model of the SMPL family: from shape coefficients and pose numbers to vertices, joints and points, differentiable
 * (once) with respect to every input.
 *
 * Axis-angle vectors of joints 1 … J − 1 are mean + pose · components (the constants' `poseBasis`), those of the root
 * `globalOrient`; R = Rodrigues of each; then as `linearBlendSkinning`, which takes the R of all joints instead.
 *
 * @param constants from `createSkinningConstants`
 * @param input betas [B, S] or an identity; pose [B, n] with globalOrient [B, 3], or pose [B, J − 1, 3, 3] with globalOrient
 *   [B, 3, 3]; worldRotation [B, 3, 3], transl [B, 3] in metres
 * @param options whether the vertices are computed
 * @returns vertices [B, V, 3], joints [B, J, 3] and points [B, N, 3] in metres times the scale; the caller disposes of them
 * @throws ShapeError if an input does not have the model's shape; ConfigError if the shape is given twice or not at all, an
 *   identity was made for other constants, or either was disposed of
 *
 * Reference: Loper et al., SMPL: A Skinned Multi-Person Linear Model, 2015; Romero et al., Embodied Hands, 2017.
 */
export function parametricModel(
  constants: SkinningConstants,
  input: ParametricModelInput,
  options: SkinningOptions & { vertices: false },
): SkinnedJoints;
export function parametricModel(
  constants: SkinningConstants,
  input: ParametricModelInput,
  options?: SkinningOptions & { vertices?: true | undefined },
): SkinnedSurface;
export function parametricModel(
  constants: SkinningConstants,
  input: ParametricModelInput,
  options?: SkinningOptions,
): SkinnedJoints | SkinnedSurface;
export function parametricModel(
  constants: SkinningConstants,
  input: ParametricModelInput,
  { vertices: wantsVertices = true }: SkinningOptions = {},
): SkinnedJoints | SkinnedSurface {
  const { pose, globalOrient } = input;
  const sizes = { B: (input.betas ?? pose).shape[0] };
  checkInput(constants, input, 'parametricModel', sizes);
  const asMatrices = pose.shape.length === 4;
  const poseShape = asMatrices ? ['B', constants.jointCount - 1, 3, 3] : ['B', constants.poseNumberCount];
  assertShape(pose, poseShape, 'parametricModel', 'pose', sizes);
  assertShape(globalOrient, asMatrices ? ['B', 3, 3] : ['B', 3], 'parametricModel', 'globalOrient', sizes);
  return runModel(constants, {
    shape: input,
    pose: { globalOrient, pose },
    rotations: () => composeRotations(constants, pose, globalOrient),
    wantsVertices,
  });
}
