import { type HostPose, type HostSkinningResult, poseIdentity } from './pose-identity.js';
import { type ShapedIdentity, shapeIdentity } from './shape-identity.js';
import type { ParametricModel } from './types.js';

/** Shape and pose on plain numbers. */
export interface HostSkinningInput extends HostPose {
  /** [S] shape coefficients. */
  readonly betas: ArrayLike<number>;
}

const workIdentities = new WeakMap<ParametricModel, ShapedIdentity>();

/**
 * Linear blend skinning of one body or hand on plain arrays, in float64.
 *
 * v_shaped = v_template + shapeDirs · betas;  J = J_regressor · v_shaped;
 * v_posed = v_shaped + poseDirs · vec(R_1 … R_{J−1} − I);  G_j = G_parent · [R_j | J_j − J_parent];
 * vertices = Σ_j w_vj · (R_Gj · (v_posed − J_j) + t_Gj) + transl;  joints = t_Gj + transl.
 *
 * The root rotation turns about the root's rest joint, which depends on `betas` and is not the origin.
 * To pose one shape many times, call `shapeIdentity` once and `poseIdentity` per pose.
 *
 * @param model a parametric model, as checked by `validateParametricModel`; laid out for speed on its first use
 * @param input betas [S], rotations [J, 3, 3] row-major, worldRotation [3, 3], transl [3] in metres
 * @param out arrays of V · 3 and J · 3 numbers to write to; default new Float64Arrays
 * @returns posed vertices [V, 3] and joints [J, 3] in metres
 * @throws ShapeError if an input does not have the model's sizes
 *
 * Reference: Loper et al., SMPL: A Skinned Multi-Person Linear Model, 2015; Romero et al., Embodied Hands, 2017.
 */
export function linearBlendSkinning(
  model: ParametricModel,
  input: HostSkinningInput,
  out?: HostSkinningResult,
): HostSkinningResult {
  const identity = shapeIdentity(model, input.betas, workIdentities.get(model));
  workIdentities.set(model, identity);
  return poseIdentity(identity, input, out);
}
