import { wasmKernel } from '../kernels/kernel-calls.js';
import { scratch } from '../native/scratch.js';
import { allocate, type Info } from '../wasm-backend.js';
import { nativeModel, offsetOf, type PackedModel } from './packed-model.js';
import { poseArguments, type PoseTensors } from './pose-arguments.js';

/** Inputs of the model that a gradient may be asked for, in the order of the gradient kernel's outputs. */
export const GRADIENT_INPUTS = ['betas', 'rotations', 'globalOrient', 'pose', 'worldRotation', 'transl'] as const;
export type GradientInput = (typeof GRADIENT_INPUTS)[number];

interface GradientKernelInputs {
  saved: Info;
  dVertices: Info;
  dJoints: Info;
  dPoints: Info;
}

export interface GradientAttrs {
  readonly model: PackedModel;
  /** Shapes of the inputs that the model was called with. */
  readonly shapes: Partial<Record<GradientInput, number[]>>;
}

/** Gradients of `OpposableParametricModel` with respect to the inputs named in `shapes`, in the order of {@link GRADIENT_INPUTS}. */
export const parametricModelGradKernel = wasmKernel<GradientKernelInputs, GradientAttrs>(
  'OpposableParametricModelGrad',
  ({ backend, inputs: { saved, dVertices, dJoints, dPoints }, attrs: { model, shapes } }) => {
    const batch = dJoints.shape[0]!;
    const { native, table, values } = nativeModel(backend, model);
    const gradients: PoseTensors & Partial<Record<GradientInput, Info>> = {};
    for (const name of GRADIENT_INPUTS) {
      const shape = shapes[name];
      if (shape !== undefined) gradients[name] = allocate(backend, shape);
    }
    const work = scratch(backend, native.scratchBytes(table, batch, 1));
    native.modelBackward(
      table,
      values,
      batch,
      offsetOf(backend, saved),
      model.outputCount > 0 ? offsetOf(backend, dVertices) : 0,
      offsetOf(backend, dJoints),
      offsetOf(backend, dPoints),
      offsetOf(backend, gradients.betas),
      ...poseArguments(backend, gradients),
      offsetOf(backend, gradients.worldRotation),
      offsetOf(backend, gradients.transl),
      work,
    );
    return Object.values(gradients) as Info[];
  },
);
