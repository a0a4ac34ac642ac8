import type * as tf from '@tensorflow/tfjs-core';
import { assertShape, ConfigError, type DimensionSizes } from '@opposable/tensor-checks';
import { composeModel } from './compose-model.js';
import type { SkinningConstants } from './create-skinning-constants.js';
import { fusedModel, type FusedInputs, hasFusedModel } from './fused-model.js';
import type { SkinningIdentity } from './prepare-identity.js';

/** The shape of a batch: coefficients, or an identity made of them. */
export type ShapeInput =
  | {
      /** [B, S] shape coefficients. */
      readonly betas: tf.Tensor2D;
      readonly identity?: undefined;
    }
  | {
      /** Of one person or of B, from `prepareIdentity`. */
      readonly identity: SkinningIdentity;
      readonly betas?: undefined;
    };

/** Where the posed model stands. */
export interface PlacementInput {
  /** [B, 3, 3] rotations that turn the posed result about the coordinate origin, before `transl`. Default none. */
  readonly worldRotation?: tf.Tensor3D | undefined;
  /** [B, 3] translation in metres, added last but for the unit. Default none. */
  readonly transl?: tf.Tensor2D | undefined;
}

export interface SkinningOptions {
  /** Whether the vertices are computed; false leaves joints and points. Default true. */
  readonly vertices?: boolean | undefined;
}

/** Joints, and points where the constants hold points, in the unit of the constants. */
export interface SkinnedJoints {
  /** [B, J, 3] */
  readonly joints: tf.Tensor3D;
  /** [B, N, 3] */
  readonly points?: tf.Tensor3D;
}

export interface SkinnedSurface extends SkinnedJoints {
  /** [B, V, 3] */
  readonly vertices: tf.Tensor3D;
}

/** Checks all but the pose and says how many items there are, if the shape says so: an identity of one fits any batch. */
export function checkInput(
  constants: SkinningConstants,
  { betas, identity, worldRotation, transl }: ShapeInput & PlacementInput,
  operation: string,
  sizes: DimensionSizes,
): void {
  if ((betas === undefined) === (identity === undefined)) {
    throw new ConfigError(`${operation}: expected either betas or identity, got ${betas ? 'both' : 'neither'}.`, {
      expected: 'betas or identity',
    });
  }
  if (betas !== undefined) assertShape(betas, ['B', constants.shapeCount], operation, 'betas', sizes);
  else if (identity.batch !== 1) {
    assertShape(identity.coefficients(constants), ['B', constants.shapeCount], operation, 'identity', sizes);
  }
  if (worldRotation !== undefined) assertShape(worldRotation, ['B', 3, 3], operation, 'worldRotation', sizes);
  if (transl !== undefined) assertShape(transl, ['B', 3], operation, 'transl', sizes);
}

export interface ModelRun {
  readonly shape: ShapeInput & PlacementInput;
  /** The pose as the fused kernel takes it. */
  readonly pose: Pick<FusedInputs, 'rotations' | 'globalOrient' | 'pose'>;
  /** The pose as [B, J, 3, 3], for the composed operations. */
  readonly rotations: () => tf.Tensor4D;
  readonly wantsVertices: boolean;
}

/** Poses a batch that was checked: by the fused kernel where the backend has it, otherwise operation by operation. */
export function runModel(constants: SkinningConstants, run: ModelRun): SkinnedJoints | SkinnedSurface {
  const { shape, pose, rotations, wantsVertices } = run;
  const { betas, identity, worldRotation, transl } = shape;
  const coefficients = betas ?? identity.coefficients(constants);
  if (hasFusedModel()) {
    const model = constants.packed(wantsVertices);
    const prepared = identity?.prepared(model);
    return fusedModel(model, { betas, identity: prepared, ...pose, worldRotation, transl }, wantsVertices);
  }
  return composeModel(constants.composed(), {
    betas: coefficients,
    rotations,
    worldRotation,
    transl,
    scale: constants.scale,
    wantsVertices,
  });
}
