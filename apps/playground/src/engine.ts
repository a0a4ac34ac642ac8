import { findAdapter } from '@opposable/webgpu-kernels';
import { notice, sentenceOf } from './notices.js';
import type { Engine } from './engines/types.js';
import { startWasm } from './engines/start-wasm.js';

const BACKENDS = ['webgpu', 'wasm'];

/** The backend that the address asks for, as `?backend=wasm`; undefined where the page may choose. */
function askedFor(address: string): string | undefined {
  const asked = new URL(address).searchParams.get('backend') ?? undefined;
  if (asked === undefined || BACKENDS.includes(asked)) return asked;
  notice(`The address asks for the backend “${asked}”; accepted are ${BACKENDS.join(' and ')}.`, 'error');
  return undefined;
}

/**
 * Starts what computes: webgpu where there is a graphics card (or where the address asks for it and there is any adapter), else
 * wasm from the page's own files.
 */
export async function startEngine(address: string): Promise<Engine> {
  const asked = askedFor(address);
  if (asked !== 'wasm') {
    const adapter = await findAdapter().catch(() => undefined);
    if (adapter !== undefined && (asked === 'webgpu' || !adapter.isSoftware)) {
      try {
        const { startWebGpu } = await import('./engines/start-webgpu.js');
        return { name: `webgpu (${adapter.name})`, withoutKernels: await startWebGpu() };
      } catch (error) {
        notice(`${sentenceOf(error, 'Starting WebGPU')} The page computes on wasm.`, 'error');
      }
    } else if (asked === 'webgpu') {
      notice('This browser offers no graphics adapter to WebGPU; the page computes on wasm.', 'error');
    }
  }
  return startWasm();
}
