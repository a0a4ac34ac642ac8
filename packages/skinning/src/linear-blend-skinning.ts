// Milliseconds on one core of a two-core x86-64 machine, wasm backend with SIMD, 16 joints, 10 coefficients, dense
// correctives, gradient with respect to betas and rotations:
//
//                   V = 778               V = 1159
//   batch             1     32     64       1     32     64
//   forward        0.17   1.18   2.32    0.18   1.65   3.37
//   with gradient  0.63   3.06   6.00    0.59   4.40   8.25
//
// (tf.matMul of 1024³ in the same run: 48 ms.) A direct transcription of the formulas takes 6.6 / 10.8 ms at batch 1 and
// 31.5 / 54.4 ms at batch 32 with V = 778. What made the difference, and dead ends, on the wasm backend at batch 32:
// - products with constant matrices only, each with its stored transpose (see constant-matrix.ts);
// - vertices and transforms as planes [B, V], so that nothing broadcasts along an inner axis of length 3: adding
//   [B, 1, 3] to [B, V, 3] took 0.34 ms, [B, 3, 1] to [B, 3, V] 0.013 ms;
// - no tf.slice of anything large: it copies its whole input first (0.46 ms for a third of [3, 3, B·V]). One product for
//   all coordinates, then slices, with an own gradient for the blend: 3.1 / 5.5 ms instead of 1.65 / 4.4 ms;
// - tf.stack on the last axis took 3.3 ms, on the first 0.02 ms, and the transpose of planes to points 0.14 ms;
// - tf.gather has no gradient on wasm: parents and permutations are products with 0/1 matrices.
import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { multiplyConstant } from './constant-matrix.js';
import type { SkinningConstants, SurfaceConstants } from './create-skinning-constants.js';

/** Shapes and poses of a batch. */
export interface SkinningInput {
  /** [B, S] shape coefficients. */
  readonly betas: tf.Tensor2D;
  /** [B, J, 3, 3] rotation matrices; the first turns the whole model about its root joint. */
  readonly rotations: tf.Tensor4D;
  /** [B, 3, 3] rotations that turn the posed result about the coordinate origin, before `transl`. Default none. */
  readonly worldRotation?: tf.Tensor3D | undefined;
  /** [B, 3] translation in metres, added last. Default none. */
  readonly transl?: tf.Tensor2D | undefined;
}

export interface SkinningOptions {
  /** Whether the vertices are computed; false leaves joints and points. Default true. */
  readonly vertices?: boolean | undefined;
}

/** Joints, and points where the constants hold a point regressor. */
export interface SkinnedJoints {
  /** [B, J, 3] in metres. */
  readonly joints: tf.Tensor3D;
  /** [B, N, 3] in metres. */
  readonly points?: tf.Tensor3D;
}

export interface SkinnedSurface extends SkinnedJoints {
  /** [B, V, 3] in metres. */
  readonly vertices: tf.Tensor3D;
}

/** G_j = G_parent · [R_j | J_j − J_parent] of all joints, a depth of the tree at a time: [B, J, 3, 4] in level order. */
function chainTransforms(
  x: tf.Tensor2D,
  { levels }: SkinningConstants,
  worldRotation: tf.Tensor3D | undefined,
): tf.Tensor4D {
  const batch = x.shape[0];
  const transforms: tf.Tensor4D[] = [];
  for (const { jointCount, locals, parents } of levels) {
    const local = multiplyConstant(x, locals);
    const above = transforms.at(-1);
    if (above === undefined) {
      const root = tf.reshape(local, [batch, 3, 4]);
      const turned = worldRotation === undefined ? root : tf.matMul(worldRotation, root);
      transforms.push(tf.reshape(turned, [batch, 1, 3, 4]));
      continue;
    }
    const parent =
      parents === undefined
        ? above
        : tf.reshape(multiplyConstant(tf.reshape(above, [batch, -1]), parents), [batch, jointCount, 3, 4]);
    transforms.push(tf.matMul(parent, tf.reshape(local, [batch, jointCount, 4, 4])));
  }
  return transforms.length === 1 ? transforms[0]! : tf.concat(transforms, 1);
}

/**
 * Posed vertices in planes [3, B, V]: Σ_k rotation column k ∘ coordinate k of the unskinned vertices, plus translation.
 *
 * @param skin [4, 3, B, J]: the columns of the 3 × 4 skinning transforms
 */
function skinPlanes(x: tf.Tensor2D, skin: tf.Tensor4D, { vertexCount, basis, weights }: SurfaceConstants): tf.Tensor3D {
  const [, , batch, jointCount] = skin.shape;
  const columns = tf.unstack(skin).map((column) => {
    const perVertex = multiplyConstant(tf.reshape(column, [3 * batch, jointCount]), weights); // [3·B, V]
    return tf.reshape(perVertex, [3, batch * vertexCount]);
  });
  const terms = basis.map((plane, k) => {
    const coordinate = tf.reshape(multiplyConstant(x, plane), [1, batch * vertexCount]);
    return tf.mul(columns[k]!, coordinate); // [3, B·V]
  });
  const sum = tf.add(tf.add(terms[0]!, terms[1]!), tf.add(terms[2]!, columns[3]!));
  return tf.reshape(sum, [3, batch, vertexCount]);
}

/**
 * Linear blend skinning of a batch, differentiable with respect to every input.
 *
 * v_shaped = v_template + shapeDirs · betas;  J = J_regressor · v_shaped;
 * v_posed = v_shaped + poseDirs · vec(R_1 … R_{J−1} − I);  G_j = G_parent · [R_j | J_j − J_parent];
 * vertices = Σ_j w_vj · (R_Gj · (v_posed − J_j) + t_Gj) + transl;  joints = t_Gj + transl;
 * G_0 = worldRotation · [R_0 | J_0].
 *
 * The root rotation turns about the root's rest joint, which depends on `betas` and is not the origin.
 *
 * @param constants from `createSkinningConstants`
 * @param input betas [B, S], rotations [B, J, 3, 3], worldRotation [B, 3, 3], transl [B, 3] in metres
 * @param options whether the vertices are computed
 * @returns vertices [B, V, 3], joints [B, J, 3] and points [B, N, 3] in metres; the caller disposes of them
 * @throws ShapeError if an input does not have the model's shape
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
  { betas, rotations, worldRotation, transl }: SkinningInput,
  { vertices: wantsVertices = true }: SkinningOptions = {},
): SkinnedJoints | SkinnedSurface {
  const { jointCount, shapeCount, pointCount } = constants;
  const sizes = assertShape(betas, ['B', shapeCount], 'linearBlendSkinning', 'betas');
  assertShape(rotations, ['B', jointCount, 3, 3], 'linearBlendSkinning', 'rotations', sizes);
  if (worldRotation !== undefined)
    assertShape(worldRotation, ['B', 3, 3], 'linearBlendSkinning', 'worldRotation', sizes);
  if (transl !== undefined) assertShape(transl, ['B', 3], 'linearBlendSkinning', 'transl', sizes);
  const batch = betas.shape[0];
  return tf.tidy(() => {
    const x = tf.concat<tf.Tensor2D>([tf.ones([batch, 1]), betas, tf.reshape(rotations, [batch, 9 * jointCount])], 1);
    const transforms = chainTransforms(x, constants, worldRotation);
    const positions = multiplyConstant(tf.reshape(transforms, [batch, 12 * jointCount]), constants.jointPositions);
    const atOrigin = tf.reshape(positions, [batch, jointCount, 3]);
    const joints = transl === undefined ? atOrigin : tf.add(atOrigin, tf.reshape(transl, [batch, 1, 3]));
    const surface = wantsVertices ? constants.surface : constants.pointSurface;
    if (surface === undefined) return { joints: joints as tf.Tensor3D };
    const restInverse = tf.reshape(multiplyConstant(x, constants.restInverse), [batch, jointCount, 4, 4]);
    const skin = tf.transpose<tf.Tensor4D>(tf.matMul(transforms, restInverse), [3, 2, 0, 1]); // [4, 3, B, J]
    const atRoot = skinPlanes(x, skin, surface);
    const planes =
      transl === undefined ? atRoot : tf.add<tf.Tensor3D>(atRoot, tf.reshape(tf.transpose(transl), [3, batch, 1]));
    const result: { joints: tf.Tensor3D; points?: tf.Tensor3D; vertices?: tf.Tensor3D } = {
      joints: joints as tf.Tensor3D,
    };
    if (surface.points !== undefined) {
      const flat = multiplyConstant(tf.reshape(planes, [3 * batch, surface.vertexCount]), surface.points);
      result.points = tf.transpose(tf.reshape(flat, [3, batch, pointCount]), [1, 2, 0]);
    }
    if (wantsVertices) result.vertices = tf.transpose(planes, [1, 2, 0]);
    return result;
  });
}
