import { ShapeError } from '@opposable/tensor-checks';
import { prepareModel, type PreparedModel } from './prepare-model.js';
import type { ParametricModel } from './types.js';

/** One person: everything that depends on the shape coefficients alone. */
export interface ShapedIdentity {
  readonly prepared: PreparedModel;
  /** [V, 3] rest vertices in metres. */
  readonly vShaped: Float64Array;
  /** [J, 3] rest joints in metres. */
  readonly restJoints: Float64Array;
}

/**
 * Shapes the rest mesh of one person, to be posed many times by `poseIdentity`.
 *
 * v_shaped = v_template + Σ_k betas_k · shapeDirs[…, k];  J = J_regressor · v_shaped.
 *
 * @param model a parametric model
 * @param betas [S] shape coefficients
 * @param out an identity of the same model to overwrite, instead of making a new one
 * @returns rest vertices [V, 3] and rest joints [J, 3] in metres
 * @throws ShapeError if the number of coefficients is not the model's
 */
export function shapeIdentity(model: ParametricModel, betas: ArrayLike<number>, out?: ShapedIdentity): ShapedIdentity {
  const prepared = prepareModel(model);
  const { vertexCount, jointCount, shapeCount } = model;
  checkBetas(model, betas, 'shapeIdentity');
  const identity = out ?? {
    prepared,
    vShaped: new Float64Array(vertexCount * 3),
    restJoints: new Float64Array(jointCount * 3),
  };
  identity.vShaped.set(model.vTemplate);
  identity.restJoints.set(prepared.jointTemplate);
  for (let s = 0; s < shapeCount; s++) {
    const beta = betas[s]!;
    if (beta === 0) continue;
    addScaled(identity.vShaped, prepared.shapeRows, s * vertexCount * 3, beta);
    addScaled(identity.restJoints, prepared.jointRows, s * jointCount * 3, beta);
  }
  return identity;
}

/**
 * Rest joints of one person, without the mesh: J = J_regressor · v_shaped.
 *
 * @param model a parametric model
 * @param betas [S] shape coefficients
 * @returns [J, 3] in metres
 * @throws ShapeError if the number of coefficients is not the model's
 */
export function shapeJoints(model: ParametricModel, betas: ArrayLike<number>): Float64Array {
  const { jointTemplate, jointRows } = prepareModel(model);
  checkBetas(model, betas, 'shapeJoints');
  const joints = Float64Array.from(jointTemplate);
  for (let s = 0; s < model.shapeCount; s++) addScaled(joints, jointRows, s * joints.length, betas[s]!);
  return joints;
}

function checkBetas({ shapeCount }: ParametricModel, betas: ArrayLike<number>, operation: string): void {
  if (betas.length !== shapeCount) {
    throw new ShapeError(`${operation}: expected betas of length ${shapeCount}, got ${betas.length}.`, {
      expected: [shapeCount],
      actual: [betas.length],
    });
  }
}

function addScaled(target: Float64Array, source: ArrayLike<number>, start: number, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * source[start + i]!;
}
