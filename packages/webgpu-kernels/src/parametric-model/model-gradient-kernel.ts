import type * as tf from '@tensorflow/tfjs-core';
import { runProgram } from '../backend/run-program.js';
import { allocate, type Backend, type Info } from '../backend/webgpu-backend.js';
import { GRADIENT_INPUTS, type InputShapes, keptSizes, type PackedModel, poseForm } from './packed-model.js';
import { gradientFloats } from './wgsl/layout.js';
import { poseGradientProgram } from './wgsl/pose-gradient-program.js';
import { VERTEX_THREADS, vertexGradientProgram } from './wgsl/vertex-gradient-program.js';

interface GradientCall {
  readonly backend: Backend;
  readonly inputs: Readonly<Record<'saved' | 'dVertices' | 'dJoints' | 'dPoints', Info>>;
  /** The shapes are those of the inputs that the model was called with. */
  readonly attrs: { readonly model: PackedModel; readonly shapes: InputShapes };
}

const gradientName = (name: string): string => `d${name[0]!.toUpperCase()}${name.slice(1)}`;

function run({ backend, inputs, attrs: { model, shapes } }: GradientCall): Info[] {
  const { jointCount, shapeCount, outputCount, pointCount } = model;
  const batch = inputs.dJoints.shape[0]!;
  const asked = GRADIENT_INPUTS.filter((name) => shapes[name] !== undefined);
  const results = asked.map((name) => allocate(backend, [...shapes[name]!]));
  if (batch === 0) return results;
  const sizes = keptSizes(model);
  const between = allocate(backend, [batch * gradientFloats(jointCount, sizes)]);
  const tensors = {
    ...{ ...inputs, kept: inputs.saved, between, table: model.table, values: model.values },
    ...Object.fromEntries(asked.map((name, place) => [gradientName(name), results[place]!])),
  };
  const ofVertices = vertexGradientProgram({
    ...{ jointCount, shapeCount, vertices: outputCount > 0, points: pointCount > 0 },
    transl: shapes.transl !== undefined,
  });
  const groups = Math.max(1, Math.ceil((8 * sizes.blocks) / VERTEX_THREADS));
  runProgram(backend, ofVertices, tensors, [groups, batch]);
  const ofPose = poseGradientProgram({
    ...{ jointCount, shapeCount, pose: poseForm(shapes) },
    ...{ betas: shapes.betas !== undefined && shapeCount > 0, worldRotation: shapes.worldRotation !== undefined },
  });
  runProgram(backend, ofPose, tensors, [1, batch]);
  backend.disposeData(between.dataId);
  return results;
}

/** Gradients of `OpposableParametricModel` with respect to the inputs named in `shapes`, in two dispatches. */
export const parametricModelGradKernel: tf.KernelConfig = {
  kernelName: 'OpposableParametricModelGrad',
  backendName: 'webgpu',
  kernelFunc: (call) => run(call as unknown as GradientCall),
};
