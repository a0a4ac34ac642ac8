import * as tf from '@tensorflow/tfjs-core';

/** What the wasm backend of TensorFlow.js shows of its memory. */
interface WasmMemory {
  getMemoryOffset(dataId: object): number;
  readonly wasm: { readonly HEAPU8: Uint8Array };
}

/** What the cpu backend shows: it gives the array that it keeps, not a copy. */
interface HostMemory {
  readSync(dataId: object): Float32Array;
}

/**
 * The numbers of a float32 tensor where the backend keeps them, without a copy.
 *
 * Only to be read, and only until the next tensor is made: the wasm memory may then move.
 *
 * @returns `undefined` on a backend whose memory the thread cannot see
 */
export function tensorMemory(tensor: tf.Tensor): Float32Array | undefined {
  switch (tf.getBackend()) {
    case 'wasm': {
      const backend = tf.backend() as unknown as WasmMemory;
      const offset = backend.getMemoryOffset(tensor.dataId);
      return new Float32Array(backend.wasm.HEAPU8.buffer, offset, tensor.size);
    }
    case 'cpu':
      return (tf.backend() as unknown as HostMemory).readSync(tensor.dataId);
    default:
      return undefined;
  }
}

/** A tensor with a copy of `values`: the wasm and GPU backends make one, the cpu backend would keep the array itself. */
export function tensorOf(values: Float32Array, shape: number[]): tf.Tensor {
  return tf.tensor(tf.getBackend() === 'cpu' ? values.slice() : values, shape, 'float32');
}
