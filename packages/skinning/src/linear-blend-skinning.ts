import type * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
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

/** Shapes and poses of a batch, the poses as rotation matrices. */
export type SkinningInput = ShapeInput &
  PlacementInput & {
    /** [B, J, 3, 3] rotation matrices; the first turns the whole model about its root joint. */
    readonly rotations: tf.Tensor4D;
  };

/**
 * Linear blend skinning of a batch, differentiable (once) with respect to every input.
 *
 * v_shaped = v_template + shapeDirs · betas;  J = J_regressor · v_shaped;
 * v_posed = v_shaped + poseDirs · vec(R_1 … R_{J−1} − I);  G_j = G_parent · [R_j | J_j − J_parent];
 * G_0 = worldRotation · [R_0 | J_0];  vertices = Σ_j w_vj · (R_Gj · (v_posed − J_j) + t_Gj);  joints = t_Gj;
 * points as the constants say; then every output is scale · (… − centre + transl).
 *
 * The root rotation turns about the root's rest joint, which depends on `betas` and is not the origin.
 * On a backend with the fused kernels (wasm after `registerWasmTrainingKernels()` of `@opposable/wasm-training`, webgpu after
 * `registerWebGpuKernels()` of `@opposable/webgpu-kernels`) this is one operation; elsewhere it is composed of TensorFlow.js
 * operations and gives the same numbers to 1e-5.
 *
 * @param constants from `createSkinningConstants`
 * @param input betas [B, S] or an identity, rotations [B, J, 3, 3], worldRotation [B, 3, 3], transl [B, 3] in metres
 * @param options whether the vertices are computed
 * @returns vertices [B, V, 3], joints [B, J, 3] and points [B, N, 3] in metres times the scale; the caller disposes of them
 * @throws ShapeError if an input does not have the model's shape; ConfigError if the shape is given twice or not at all, an
 *   identity was made for other constants, or either was disposed of
 *
 * Reference: Loper et al., SMPL: A Skinned Multi-Person Linear Model, 2015; Romero et al., Embodied Hands, 2017.
 */
export function linearBlendSkinning(
  constants: SkinningConstants,
  input: SkinningInput,
  options: SkinningOptions & { vertices: false },
): SkinnedJoints;
export function linearBlendSkinning(
  constants: SkinningConstants,
  input: SkinningInput,
  options?: SkinningOptions & { vertices?: true | undefined },
): SkinnedSurface;
export function linearBlendSkinning(
  constants: SkinningConstants,
  input: SkinningInput,
  options?: SkinningOptions,
): SkinnedJoints | SkinnedSurface;
export function linearBlendSkinning(
  constants: SkinningConstants,
  input: SkinningInput,
  { vertices: wantsVertices = true }: SkinningOptions = {},
): SkinnedJoints | SkinnedSurface {
  const { rotations } = input;
  const sizes = { B: (input.betas ?? rotations).shape[0] };
  checkInput(constants, input, 'linearBlendSkinning', sizes);
  assertShape(rotations, ['B', constants.jointCount, 3, 3], 'linearBlendSkinning', 'rotations', sizes);
  return runModel(constants, { shape: input, pose: { rotations }, rotations: () => rotations, wantsVertices });
}
