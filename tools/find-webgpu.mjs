// An adapter for WebGPU in Node: the machine's own, or SwiftShader, which Debian's chromium brings along.
import { existsSync } from 'node:fs';

/** Vulkan drivers that compute on the CPU and that Dawn accepts; Mesa's lavapipe of Debian 12 it refuses. */
const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
];

/** The environment in which a Node process finds an adapter, and what it is; undefined where there is none. */
export async function findWebGpu() {
  const { hasGpuDevice } = await import('@opposable/webgpu-kernels/node');
  const named = process.env.VK_ICD_FILENAMES;
  if (named === undefined && hasGpuDevice()) return { env: {}, what: "the machine's graphics card", isSoftware: false };
  const driver = named ?? SWIFTSHADER.find((path) => existsSync(path));
  if (driver === undefined) return undefined;
  const isSoftware = /swiftshader|lvp_/.test(driver);
  const what = isSoftware ? `SwiftShader (${driver}), which computes on the CPU` : `the driver ${driver}`;
  return { env: { VK_ICD_FILENAMES: driver }, what, isSoftware };
}
