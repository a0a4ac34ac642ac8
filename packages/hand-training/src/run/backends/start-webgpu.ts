import { prepareBackend } from '@opposable/training';
import { ConfigError } from '@opposable/tensor-checks';
import { importPeer } from './import-peer.js';
import type { ImportPackage } from './types.js';

/** What is used of WebGPU here. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly isFallbackAdapter?: boolean;
    readonly info?: { isFallbackAdapter?: boolean };
  } | null>;
}

/** WebGPU, where the engine has it and a real adapter: one that computes on the CPU is slower than wasm. */
export async function startWebGpu(importPackage: ImportPackage): Promise<void> {
  const gpu = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
  if (gpu === undefined) {
    throw new ConfigError(
      'chooseBackend: backend "webgpu" needs an engine that has navigator.gpu, as browsers have it; this Node has none, so take wasm, node or node-gpu.',
      { expected: 'navigator.gpu', actual: undefined },
    );
  }
  const adapter = await gpu.requestAdapter();
  const isFallback = adapter?.isFallbackAdapter ?? adapter?.info?.isFallbackAdapter ?? false;
  if (adapter === null || isFallback) {
    throw new ConfigError(
      `chooseBackend: backend "webgpu" needs a graphics adapter, and navigator.gpu offers ${adapter === null ? 'none' : 'only one that computes on the CPU'}.`,
      { expected: 'an adapter', actual: adapter },
    );
  }
  await importPeer(importPackage, {
    backend: 'webgpu',
    name: '@tensorflow/tfjs-backend-webgpu',
    version: '4.22.0',
    note: 'it downloads nothing else',
  });
  await prepareBackend('webgpu');
}
