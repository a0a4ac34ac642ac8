import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A tensor at kernel level: what kernels receive and return, not counted by the engine. */
export type Info = tf.TensorInfo;

export type Backend = BackendWasm;

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The buffer of the wasm memory as it is now: growth replaces it. */
export function memoryOf(backend: Backend): ArrayBuffer {
  return (backend.wasm as unknown as { HEAPU8: Uint8Array<ArrayBuffer> }).HEAPU8.buffer;
}

/** The whole wasm memory as floats. Taken anew after every allocation: growth detaches the old view. */
export function heapOf(backend: Backend): Float32Array {
  return new Float32Array(memoryOf(backend));
}

/** Index of a tensor's first element in {@link heapOf}. */
export function heapIndex(backend: Backend, tensor: Info): number {
  return backend.getMemoryOffset(tensor.dataId) >>> 2;
}

/** A new float tensor with undefined contents. */
export function allocate(backend: Backend, shape: number[], dtype: tf.DataType = 'float32'): Info {
  return backend.makeOutput(shape, dtype);
}

export function release(backend: Backend, ...tensors: Info[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId);
}

/**
 * The part of a tensor's memory that starts `offset` elements in, as a tensor of its own, without a copy.
 * It must be given back with {@link releaseAlias} (never `disposeData`, which would free the memory) before the tensor is.
 */
export function aliasOf(backend: Backend, tensor: Info, shape: number[], offset: number): Info {
  return backend.makeOutput(shape, tensor.dtype, backend.getMemoryOffset(tensor.dataId) + 4 * offset);
}

export function releaseAlias(backend: Backend, alias: Info): void {
  const { id } = backend.dataIdMap.get(alias.dataId);
  (backend.wasm as unknown as { tfjs: { disposeData(id: number): void } }).tfjs.disposeData(id);
  backend.dataIdMap.delete(alias.dataId);
}

/** The same memory under another shape; not reference-counted, so only for passing on to a kernel. */
export function reshaped(tensor: Info, shape: number[]): Info {
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
}

/** Gives an owned tensor another shape of the same size. */
export function withShape(backend: Backend, tensor: Info, shape: number[]): Info {
  backend.dataIdMap.get(tensor.dataId).shape = shape;
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
}

/** A new float tensor of zeros. */
export function allocateZeros(backend: Backend, shape: number[]): Info {
  const out = allocate(backend, shape);
  const begin = heapIndex(backend, out);
  heapOf(backend).fill(0, begin, begin + sizeOf(shape));
  return out;
}
