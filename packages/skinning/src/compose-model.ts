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
import type { ComposedConstants, PointConstants, SurfaceConstants } from './composed-constants.js';
import { multiplyConstant } from './constant-matrix.js';

/** What the composed operations are called with, checked. */
export interface ComposedInput {
  /** [B, S], or [1, S] for all */
  readonly betas: tf.Tensor2D;
  /** [B, J, 3, 3] */
  readonly rotations: () => tf.Tensor4D;
  readonly worldRotation: tf.Tensor3D | undefined;
  readonly transl: tf.Tensor2D | undefined;
  readonly scale: number;
  readonly wantsVertices: boolean;
}

/** Outputs of a model; vertices and points where they are wanted. */
export interface ModelResult {
  readonly joints: tf.Tensor3D;
  readonly points?: tf.Tensor3D;
  readonly vertices?: tf.Tensor3D;
}

/** G_j = G_parent · [R_j | J_j − J_parent] of all joints, a depth of the tree at a time: [B, J, 3, 4] in level order. */
function chainTransforms(
  x: tf.Tensor2D,
  { levels }: ComposedConstants,
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
        : tf.reshape(multiplyConstant(tf.reshape(above, [batch, 12 * above.shape[1]]), parents), [
            batch,
            jointCount,
            3,
            4,
          ]);
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

/** Points [B, N, 3] from joints [B, 3·J] and from the planes [3, B, V] of one of the surfaces. */
function combinePoints(
  { fromJoints, fromSurface, fromPointSurface }: PointConstants,
  joints: tf.Tensor2D,
  planes: { readonly surface: tf.Tensor3D | undefined; readonly points: tf.Tensor3D | undefined },
): tf.Tensor3D {
  const batch = joints.shape[0];
  let sum: tf.Tensor3D | undefined;
  if (fromJoints !== undefined)
    sum = tf.reshape(multiplyConstant(joints, fromJoints), [batch, fromJoints.matrix.shape[1] / 3, 3]);
  const [plane, shares] =
    planes.surface !== undefined && fromSurface !== undefined
      ? [planes.surface, fromSurface]
      : [planes.points, fromPointSurface];
  if (plane === undefined || shares === undefined) return sum ?? tf.zeros([batch, 0, 3]);
  const flat = multiplyConstant(tf.reshape(plane, [3 * batch, plane.shape[2]]), shares);
  const points = tf.transpose<tf.Tensor3D>(tf.reshape(flat, [3, batch, flat.shape[1]]), [1, 2, 0]);
  return sum === undefined ? points : tf.add(sum, points);
}

/** The model from operations that every backend has. */
export function composeModel(constants: ComposedConstants, input: ComposedInput): ModelResult {
  const { worldRotation, transl, scale, wantsVertices } = input;
  return tf.tidy(() => {
    const rotations = input.rotations();
    const [batch, jointCount] = rotations.shape;
    const betas = input.betas.shape[0] === batch ? input.betas : tf.tile(input.betas, [batch, 1]);
    const x = tf.concat<tf.Tensor2D>([tf.ones([batch, 1]), betas, tf.reshape(rotations, [batch, 9 * jointCount])], 1);
    const transforms = chainTransforms(x, constants, worldRotation);
    const atOrigin = multiplyConstant(tf.reshape(transforms, [batch, 12 * jointCount]), constants.jointPositions); // [B, 3·J]
    const { surface, pointSurface, points, center } = constants;
    const isFromSurface = wantsVertices && (points?.fromSurface ?? center?.fromSurface) !== undefined;
    const wanted = wantsVertices ? surface : undefined;
    const wantedPoints = isFromSurface ? undefined : pointSurface;
    let planes: { surface: tf.Tensor3D | undefined; points: tf.Tensor3D | undefined } = {
      surface: undefined,
      points: undefined,
    };
    if (wanted !== undefined || wantedPoints !== undefined) {
      const restInverse = tf.reshape(multiplyConstant(x, constants.restInverse), [batch, jointCount, 4, 4]);
      const skin = tf.transpose<tf.Tensor4D>(tf.matMul(transforms, restInverse), [3, 2, 0, 1]); // [4, 3, B, J]
      planes = {
        surface: wanted && skinPlanes(x, skin, wanted),
        points: wantedPoints && skinPlanes(x, skin, wantedPoints),
      };
    }
    const middle = center && tf.reshape<tf.Rank.R2>(combinePoints(center, atOrigin, planes), [batch, 3]);
    const shift = shiftOf(middle, transl);
    const place = (at: tf.Tensor3D): tf.Tensor3D => {
      const moved = shift === undefined ? at : tf.add<tf.Tensor3D>(at, tf.reshape(shift, [batch, 1, 3]));
      return scale === 1 ? moved : tf.mul(moved, scale);
    };
    const result: { joints: tf.Tensor3D; points?: tf.Tensor3D; vertices?: tf.Tensor3D } = {
      joints: place(tf.reshape(atOrigin, [batch, jointCount, 3])),
    };
    if (points !== undefined) result.points = place(combinePoints(points, atOrigin, planes));
    if (planes.surface !== undefined) {
      const moved =
        shift === undefined
          ? planes.surface
          : tf.add<tf.Tensor3D>(planes.surface, tf.reshape(tf.transpose(shift), [3, batch, 1]));
      result.vertices = tf.transpose(scale === 1 ? moved : tf.mul(moved, scale), [1, 2, 0]);
    }
    return result;
  });
}

/** transl − centre [B, 3], as far as either is there. */
function shiftOf(center: tf.Tensor2D | undefined, transl: tf.Tensor2D | undefined): tf.Tensor2D | undefined {
  if (center === undefined) return transl;
  return transl === undefined ? tf.neg(center) : tf.sub(transl, center);
}
