import * as tf from '@tensorflow/tfjs-core';
import { gemmModule } from '../generated/gemm.js';
import type { Backend } from '../wasm-backend.js';
import { wasmFeatures } from './features.js';
import { guardBuffers } from './guards.js';
import { nativeModule } from './load-kernels.js';
import { releaseScratch, scratch } from './scratch.js';

describe('native modules', () => {
  let backend: Backend;
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    backend = tf.backend() as unknown as Backend;
  });

  it('write tensors where they lie', async () => {
    const x = tf.zeros([3, 7]);
    nativeModule(backend, gemmModule).fill(backend.getMemoryOffset(x.dataId), 20, 2.5);
    expect(Array.from(await x.data())).toEqual([...Array<number>(20).fill(2.5), 0]);
    x.dispose();
  });

  it('are instantiated once for a backend', () => {
    expect(nativeModule(backend, gemmModule)).toBe(nativeModule(backend, gemmModule));
  });

  it('find SIMD here', () => {
    expect(wasmFeatures().simd).toBe(true);
  });

  it('work on shared memory too', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const threaded = { wasm: { wasmMemory: memory } } as unknown as Backend;
    nativeModule(threaded, gemmModule).fill(64, 5, 3);
    expect(Array.from(new Float32Array(memory.buffer, 60, 7))).toEqual([0, 3, 3, 3, 3, 3, 0]);
  });
});

describe('scratch', () => {
  it('hands out the same aligned memory until more is asked for', () => {
    const backend = tf.backend() as unknown as Backend;
    const at = scratch(backend, 1000);
    expect(at % 64).toBe(0);
    expect(scratch(backend, 500)).toBe(at);
    releaseScratch(backend);
  });
});

describe('guardBuffers', () => {
  it.each([
    [-1, 'written 4 bytes before a buffer of 32 bytes'],
    [1, 'written 0 bytes after a buffer of 32 bytes'],
  ])('finds a write that is shifted by %i', (shift, message) => {
    const backend = tf.backend() as unknown as Backend;
    const guards = guardBuffers(backend);
    try {
      const { dataId } = backend.makeOutput([8], 'float32');
      const at = backend.getMemoryOffset(dataId);
      const native = nativeModule(backend, gemmModule);
      native.fill(at, 8, 1);
      expect(() => guards.check()).not.toThrow();
      native.fill(at + 4 * shift, 8, 1);
      expect(() => guards.check()).toThrow(message);
      backend.disposeData(dataId);
      expect(() => guards.check()).toThrow(message);
    } finally {
      guards.remove();
    }
  });

  it('gives memory back after it is removed', () => {
    const backend = tf.backend() as unknown as Backend;
    const guards = guardBuffers(backend);
    const x = tf.tidy(() => tf.add(tf.ones([5]), 1));
    guards.check();
    guards.remove();
    const ids = backend.numDataIds();
    x.dispose();
    expect(backend.numDataIds()).toBe(ids - 1);
  });
});
