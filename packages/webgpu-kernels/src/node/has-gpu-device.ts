import { readdirSync } from 'node:fs';

/** Device files of graphics drivers: Mesa and AMD, NVIDIA, the Windows Subsystem for Linux, Adreno, Mali. */
const DEVICES: Readonly<Record<string, RegExp>> = {
  '/dev': /^(nvidia\d+|dxg|kgsl-3d\d+|mali\d+)$/,
  '/dev/dri': /^renderD\d+$/,
};

/** Folders' entries, as `readdirSync` gives them; throws where there is no folder. */
type ListFolder = (folder: string) => readonly string[];

/**
 * Whether this machine can have a graphics card that WebGPU reaches: on Linux whether there is a device file of one, elsewhere
 * true. Costs nothing, where asking the drivers takes a third of a second and prints their complaints.
 */
export function hasGpuDevice(platform: string = process.platform, list: ListFolder = readdirSync): boolean {
  if (platform !== 'linux') return true;
  return Object.entries(DEVICES).some(([folder, name]) => {
    try {
      return list(folder).some((entry) => name.test(entry));
    } catch {
      return false;
    }
  });
}
