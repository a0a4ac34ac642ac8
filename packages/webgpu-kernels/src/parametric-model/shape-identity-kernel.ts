import type * as tf from '@tensorflow/tfjs-core';
import { withFloats } from '../backend/as-floats.js';
import { runProgram } from '../backend/run-program.js';
import { allocate, type Backend, type Info } from '../backend/webgpu-backend.js';
import type { PackedModel } from './packed-model.js';
import { IDENTITY_THREADS, identityProgram } from './wgsl/identity-program.js';

interface IdentityCall {
  readonly backend: Backend;
  readonly inputs: { readonly betas: Info };
  readonly attrs: { readonly model: PackedModel };
}

/** What a model needs of the shape coefficients betas [B, S]: rest vertices and rest joints, [B, identitySize]; one dispatch. */
export const shapeIdentityKernel: tf.KernelConfig = {
  kernelName: 'OpposableShapeIdentity',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const { backend, inputs, attrs } = call as unknown as IdentityCall;
    const { table, values, identitySize, ...sizes } = attrs.model;
    const batch = inputs.betas.shape[0]!;
    const identity = allocate(backend, [batch, identitySize]);
    if (batch === 0) return identity;
    return withFloats(backend, inputs, ({ betas }) => {
      const groups = Math.ceil(identitySize / IDENTITY_THREADS);
      runProgram(backend, identityProgram(sizes), { betas, identity, table, values }, [groups, batch]);
      return identity;
    });
  },
};
