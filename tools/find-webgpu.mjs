// An adapter for WebGPU in Node: the machine's own, or SwiftShader, which Debian's chromium brings along.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Vulkan drivers that compute on the CPU and that Dawn accepts; Mesa's lavapipe of Debian 12 it refuses. */
const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
];

/** Where Linux keeps the loader of Vulkan's drivers, if it is installed. */
const LOADER = 'libvulkan.so.1';
const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
];

/** Chromium has a loader of its own beside its driver, for a machine without one. */
function loaderOf(driver) {
  const folder = dirname(driver);
  const isThere = (library) => existsSync(join(library, LOADER));
  if (LIBRARIES.some(isThere) || !isThere(folder)) return {};
  return { LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, folder].filter(Boolean).join(delimiter) };
}

/** The environment in which a Node process finds an adapter, and what it is; undefined where there is none. */
export async function findWebGpu() {
  const { hasGpuDevice } = await import('@opposable/webgpu-kernels/node');
  const named = process.env.VK_ICD_FILENAMES;
  if (named === undefined && hasGpuDevice()) return { env: {}, what: "the machine's graphics card", isSoftware: false };
  const driver = named ?? SWIFTSHADER.find((path) => existsSync(path));
  if (driver === undefined) return undefined;
  const isSoftware = /swiftshader|lvp_/.test(driver);
  const what = isSoftware ? `SwiftShader (${driver}), which computes on the CPU` : `the driver ${driver}`;
  return { env: { VK_ICD_FILENAMES: driver, ...loaderOf(driver) }, what, isSoftware };
}
