import * as tf from '@tensorflow/tfjs-core';

/**
 * Watches every byte that the wasm backend and the kernels take from now on, tensors and all working memory. `peak` may be set
 * back to `now`.
 */
export function watchMemory() {
  const { wasm } = tf.backend();
  wasm._free(wasm._malloc(16)); // the first call replaces the function by the module's own
  const { _malloc: malloc, _free: free } = wasm;
  const sizes = new Map();
  const bytes = { now: 0, peak: 0 };
  wasm._malloc = (size) => {
    const at = malloc(size);
    sizes.set(at >>> 0, size);
    bytes.now += size;
    bytes.peak = Math.max(bytes.peak, bytes.now);
    return at;
  };
  wasm._free = (at) => {
    bytes.now -= sizes.get(at >>> 0) ?? 0;
    sizes.delete(at >>> 0);
    free(at);
  };
  return bytes;
}

/** Bytes that the backend has ever asked the engine for: its memory only grows. */
export function wasmHeapBytes() {
  return tf.backend().wasm.HEAPU8.buffer.byteLength;
}
