import type * as tf from '@tensorflow/tfjs-core';
import { parametricModelModule } from '../generated/parametric-model.js';
import { nativeModule } from '../native/load-kernels.js';
import type { Backend, Info } from '../wasm-backend.js';

/**
 * A model as `@opposable/skinning` packs it for these kernels: the constants in two tensors, and the sizes of the outputs.
 * It travels in the attributes of the kernels, so that the tape does not see it.
 */
export interface PackedModel {
  readonly table: tf.Tensor;
  readonly values: tf.Tensor;
  /** V of the output; 0 where only joints and points are asked for. */
  readonly outputCount: number;
  readonly jointCount: number;
  readonly shapeCount: number;
  readonly pointCount: number;
  /** Floats of one prepared identity. */
  readonly identitySize: number;
}

export interface ModelAttrs {
  readonly model: PackedModel;
  /** Whether what the gradient needs is to be saved. */
  readonly save: boolean;
}

export const FLOAT_BYTES = 4;

/** The native functions and where a model's constants lie. */
export function nativeModel(backend: Backend, { table, values }: PackedModel) {
  return {
    native: nativeModule(backend, parametricModelModule),
    table: backend.getMemoryOffset(table.dataId),
    values: backend.getMemoryOffset(values.dataId),
  };
}

/** Byte offset of a tensor that may be missing. */
export function offsetOf(backend: Backend, tensor: Info | undefined): number {
  return tensor === undefined ? 0 : backend.getMemoryOffset(tensor.dataId);
}
