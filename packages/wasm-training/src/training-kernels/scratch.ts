import { type Backend, type Info, memoryOf } from '../wasm-backend.js';
import { scratch } from '../native/scratch.js';

/** Byte offset of a tensor in the backend's memory; it stays the same until the tensor is disposed. */
export function offsetOf(backend: Backend, tensor: Info): number {
  return backend.getMemoryOffset(tensor.dataId);
}

const aligned = (bytes: number) => (bytes + 15) & ~15;

/** Byte offsets of several pieces of working memory, aligned to 16 bytes; the rules of `scratch` hold for all together. */
export function scratchParts<const Sizes extends readonly number[]>(
  backend: Backend,
  ...bytes: Sizes
): { [Key in keyof Sizes]: number } {
  let at = scratch(
    backend,
    bytes.reduce((sum, size) => sum + aligned(size), 0),
  );
  return bytes.map((size) => {
    const part = at;
    at += aligned(size);
    return part;
  }) as { [Key in keyof Sizes]: number };
}

/** Views of the memory from a byte offset on; they last until the next allocation. */
export const viewOf = {
  floats: (backend: Backend, at: number, count: number) => new Float32Array(memoryOf(backend), at, count),
  doubles: (backend: Backend, at: number, count: number) => new Float64Array(memoryOf(backend), at, count),
  integers: (backend: Backend, at: number, count: number) => new Uint32Array(memoryOf(backend), at, count),
};
