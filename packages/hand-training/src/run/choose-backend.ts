import { setFlagsFromString } from 'node:v8';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers'; // registers the gradients of all kernels
import { ConfigError } from '@opposable/tensor-checks';
import { enableRelaxedSimd } from '@opposable/training/node';
import type { BackendName } from './backends/backend-names.js';
import { BACKEND_ENTRIES } from './backends/backends.js';
import type { BackendEntry, ImportPackage } from './backends/types.js';

export interface ChooseBackendOptions {
  /** How packages that are not always installed are imported. Default `import()`. */
  readonly importPackage?: ImportPackage | undefined;
}

/**
 * Has WebAssembly compiled by the optimising compiler at once. With the quick one first, some of the backend's loops stay
 * in its slow code for minutes: two replicas trained 600 images a second instead of 800.
 */
function compileForSpeed(): void {
  setFlagsFromString('--no-liftoff');
}

const deviceText = (device: string | void): string => (device === undefined ? '' : ` (${device})`);

/**
 * Starts a backend, with the kernels that training needs.
 *
 * 'node-gpu' and 'node' are `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node`, 'webgpu' is
 * `@tensorflow/tfjs-backend-webgpu` with `webgpu` under it: packages that one installs oneself. 'auto' takes the first that starts
 * of node-gpu, node, webgpu (a graphics card only, no adapter that computes on the CPU), wasm, cpu.
 *
 * @returns a sentence that says which one and why
 * @throws ConfigError if the one asked for does not start: what is missing and how to install it
 */
export async function chooseBackend(
  name: BackendName = 'auto',
  { importPackage = (specifier) => import(specifier) }: ChooseBackendOptions = {},
): Promise<string> {
  compileForSpeed();
  enableRelaxedSimd();
  if (name !== 'auto') {
    const device = await (BACKEND_ENTRIES[name] as BackendEntry).start({ importPackage, isAskedFor: true });
    return `Backend: ${name}${deviceText(device)}, as asked for.`;
  }
  for (const [found, { start, why }] of Object.entries<BackendEntry>(BACKEND_ENTRIES)) {
    try {
      const device = await start({ importPackage, isAskedFor: false });
      return `Backend: ${found}${deviceText(device)}${typeof why === 'string' ? why : await why()}.`;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  }
  throw new ConfigError('chooseBackend: expected a backend that starts, found none.', {
    expected: Object.keys(BACKEND_ENTRIES),
  });
}
