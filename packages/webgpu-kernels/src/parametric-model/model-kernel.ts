import type * as tf from '@tensorflow/tfjs-core';
import { withFloats } from '../backend/as-floats.js';
import { runProgram } from '../backend/run-program.js';
import { allocate, type Backend, type Info } from '../backend/webgpu-backend.js';
import { type GradientInput, type InputShapes, keptSizes, type PackedModel, poseForm } from './packed-model.js';
import { keptFloats } from './wgsl/layout.js';
import { type ModelForm, poseProgram } from './wgsl/pose-program.js';
import { SKIN_THREADS, skinProgram } from './wgsl/skin-program.js';

interface ModelCall {
  readonly backend: Backend;
  readonly inputs: Partial<Record<GradientInput | 'identity', Info>>;
  readonly attrs: { readonly model: PackedModel; readonly save: boolean };
}

const shapesOf = (inputs: ModelCall['inputs']): InputShapes =>
  Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));

function run({ backend, inputs, attrs: { model, save } }: ModelCall): Info[] {
  const { jointCount, shapeCount, outputCount, pointCount } = model;
  const batch = (inputs.rotations ?? inputs.globalOrient)!.shape[0]!;
  const vertices = allocate(backend, [batch, outputCount, 3]);
  const joints = allocate(backend, [batch, jointCount, 3]);
  const points = allocate(backend, [batch, pointCount, 3]);
  if (batch === 0) return [vertices, joints, points, allocate(backend, [0])];
  const sizes = keptSizes(model);
  const kept = allocate(backend, [batch * keptFloats(model, sizes, save)]);
  const form: ModelForm = {
    ...{ jointCount, shapeCount, pose: poseForm(shapesOf(inputs)), save, identity: inputs.identity !== undefined },
    ...{ worldRotation: inputs.worldRotation !== undefined, transl: inputs.transl !== undefined },
  };
  const tensors = { ...inputs, kept, vertices, joints, points, table: model.table, values: model.values };
  runProgram(backend, poseProgram(form), tensors, [1, batch]);
  const outputs = { vertices: outputCount > 0, points: pointCount > 0 };
  // One thread for each vertex that is computed (whole blocks hold them all), joint and point.
  const threads = 8 * sizes.blocks + jointCount + pointCount;
  runProgram(backend, skinProgram(form, outputs), tensors, [Math.ceil(threads / SKIN_THREADS), batch]);
  if (save) return [vertices, joints, points, kept];
  backend.disposeData(kept.dataId);
  return [vertices, joints, points, allocate(backend, [0])];
}

/**
 * A whole model of the SMPL family in two dispatches: shape, pose, correctives, kinematics, skinning, points, centre,
 * translation, unit.
 *
 * Outputs: vertices [B, V, 3] (V may be 0), joints [B, J, 3], points [B, N, 3], and what the gradient needs ([0] without `save`).
 */
export const parametricModelKernel: tf.KernelConfig = {
  kernelName: 'OpposableParametricModel',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const { backend, inputs, attrs } = call as unknown as ModelCall;
    return withFloats(backend, inputs, (floats) => run({ backend, inputs: floats, attrs }));
  },
};
