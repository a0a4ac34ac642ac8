import { prepareBackend } from '@opposable/training';
import { ConfigError } from '@opposable/tensor-checks';
import { findAdapter, registerWebGpuKernels } from '@opposable/webgpu-kernels';
import { hasGpuDevice, provideWebGpu, type WebGpuModule } from '@opposable/webgpu-kernels/node';
import { importPeer } from './import-peer.js';
import type { StartRequest } from './types.js';

const PACKAGES = {
  backend: {
    ...{ backend: 'webgpu', name: '@tensorflow/tfjs-backend-webgpu', version: '4.22.0' },
    note: 'beside the package webgpu',
  },
  dawn: { backend: 'webgpu', name: 'webgpu', version: '0.6.2', note: 'WebGPU for Node; it downloads nothing else' },
} as const;

function noAdapter(found: string, actual: unknown): never {
  throw new ConfigError(`chooseBackend: backend "webgpu" needs a graphics adapter, and ${found}.`, {
    expected: 'an adapter',
    actual,
  });
}

/**
 * WebGPU on what the machine has: through the engine's own `navigator.gpu`, or through the package `webgpu`.
 *
 * @returns the adapter's name
 */
export async function startWebGpu({ importPackage, isAskedFor }: StartRequest): Promise<string> {
  const { navigator } = globalThis as { navigator?: { gpu?: object } };
  if (navigator?.gpu === undefined) {
    if (!isAskedFor && !hasGpuDevice()) noAdapter('this machine has no device of one', undefined);
    provideWebGpu((await importPeer(importPackage, PACKAGES.dawn)) as WebGpuModule);
  }
  const adapter = await findAdapter();
  if (adapter === undefined) {
    const found = 'there is none that WebGPU reaches; its driver (Vulkan, Metal or Direct3D 12) may be missing';
    return noAdapter(found, undefined);
  }
  const { name, isSoftware } = adapter;
  if (isSoftware && !isAskedFor) noAdapter(`the one that is there, ${name}, computes on the CPU`, name);
  await importPeer(importPackage, PACKAGES.backend);
  await prepareBackend('webgpu');
  registerWebGpuKernels();
  return isSoftware ? `${name}, which computes on the CPU` : name;
}
