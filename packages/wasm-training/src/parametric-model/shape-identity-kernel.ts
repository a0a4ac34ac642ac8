import { wasmKernel } from '../kernels/kernel-calls.js';
import { scratch } from '../native/scratch.js';
import { allocate, type Info } from '../wasm-backend.js';
import { nativeModel, offsetOf, type PackedModel } from './packed-model.js';

/** What a model needs of the shape coefficients betas [B, S]: rest vertices and rest joints, [B, identitySize]. */
export const shapeIdentityKernel = wasmKernel<{ betas: Info }, { model: PackedModel }>(
  'OpposableShapeIdentity',
  ({ backend, inputs: { betas }, attrs: { model } }) => {
    const batch = betas.shape[0]!;
    const { native, table, values } = nativeModel(backend, model);
    const out = allocate(backend, [batch, model.identitySize]);
    const work = scratch(backend, native.scratchBytes(table, 1, 0));
    native.shapeIdentity(table, values, batch, offsetOf(backend, betas), offsetOf(backend, out), work);
    return out;
  },
);
