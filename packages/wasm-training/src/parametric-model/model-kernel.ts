import { scratch } from '../native/scratch.js';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Info } from '../wasm-backend.js';
import { FLOAT_BYTES, type ModelAttrs, nativeModel, offsetOf } from './packed-model.js';
import { poseArguments, type PoseTensors } from './pose-arguments.js';

export interface ModelInputs extends PoseTensors {
  /** [B, S]; either these or `identity` */
  betas?: Info;
  /** [1 or B, identitySize] of `OpposableShapeIdentity` */
  identity?: Info;
  worldRotation?: Info;
  transl?: Info;
}

/**
 * A whole model of the SMPL family in one call: shape, pose, correctives, kinematics, skinning, points, centre, translation, unit.
 *
 * Outputs: vertices [B, V, 3] (V may be 0), joints [B, J, 3], points [B, N, 3], and what the gradient needs ([0] without `save`).
 */
export const parametricModelKernel = wasmKernel<ModelInputs, ModelAttrs>(
  'OpposableParametricModel',
  ({ backend, inputs, attrs: { model, save } }) => {
    const { betas, identity, worldRotation, transl } = inputs;
    const batch = (inputs.rotations ?? inputs.pose)!.shape[0]!;
    const { native, table, values } = nativeModel(backend, model);
    const vertices = allocate(backend, [batch, model.outputCount, 3]);
    const joints = allocate(backend, [batch, model.jointCount, 3]);
    const points = allocate(backend, [batch, model.pointCount, 3]);
    const saved = allocate(backend, [save ? native.savedFloats(table, batch) : 0]);
    const work = scratch(backend, native.scratchBytes(table, batch, 0));
    native.modelForward(
      table,
      values,
      batch,
      offsetOf(backend, betas),
      offsetOf(backend, identity),
      identity === undefined || identity.shape[0] === 1 ? 0 : model.identitySize * FLOAT_BYTES,
      ...poseArguments(backend, inputs),
      offsetOf(backend, worldRotation),
      offsetOf(backend, transl),
      model.outputCount > 0 ? offsetOf(backend, vertices) : 0,
      offsetOf(backend, joints),
      offsetOf(backend, points),
      save ? offsetOf(backend, saved) : 0,
      work,
    );
    return [vertices, joints, points, saved];
  },
);
