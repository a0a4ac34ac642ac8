import type { Backend } from '../wasm-backend.js';
import { wasmFeatures } from './features.js';
import type { KernelModule } from './kernel-module.js';

// Notes. The same bytes serve both kinds of memory: whether an imported memory is shared is one byte of the import section,
// set here. The backend's threaded build (browsers with cross-origin isolation) makes a shared memory; these kernels then run
// on the calling thread alone.

/** The memory that the backend's tensors live in, or undefined if this build of the backend does not show it. */
export function memoryObjectOf(backend: Backend): WebAssembly.Memory | undefined {
  const wasm = backend.wasm as unknown as { wasmMemory?: unknown; asm?: { memory?: unknown } };
  const memory = wasm.wasmMemory ?? wasm.asm?.memory;
  return memory instanceof WebAssembly.Memory ? memory : undefined;
}

function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer === 'function' && (memory.buffer as unknown) instanceof SharedArrayBuffer;
}

const MEMORY = 1;
const SHARED_MEMORY = 3;

function bytesOf(module: KernelModule<unknown>, shared: boolean): Uint8Array<ArrayBuffer> {
  const { base64, memoryFlagsAt } = wasmFeatures().relaxedSimd ? module.relaxedSimd : module.simd;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  bytes[memoryFlagsAt] = shared ? SHARED_MEMORY : MEMORY;
  return bytes;
}

const compiled = new Map<string, WebAssembly.Module>();
const instances = new WeakMap<Backend, Map<string, unknown>>();

const keyOf = (module: KernelModule<unknown>, shared: boolean) => (shared ? `${module.name}, shared` : module.name);

/** Compiles modules without blocking, for engines that refuse to compile at once on a page's main thread. */
export async function compileModules(backend: Backend, modules: readonly KernelModule<unknown>[]): Promise<void> {
  const memory = memoryObjectOf(backend);
  if (memory === undefined) return;
  const shared = isShared(memory);
  await Promise.all(
    modules.map(async (module) => {
      const key = keyOf(module, shared);
      if (!compiled.has(key)) compiled.set(key, await WebAssembly.compile(bytesOf(module, shared)));
    }),
  );
}

/**
 * The functions of a native module, working on the backend's own memory: compiled once, instantiated once per backend.
 * They take byte offsets ({@link Backend.getMemoryOffset}) and sizes. Only for backends that `registerWasmTrainingKernels` accepts.
 */
export function nativeModule<Exports>(backend: Backend, module: KernelModule<Exports>): Exports {
  let loaded = instances.get(backend);
  if (loaded === undefined) instances.set(backend, (loaded = new Map<string, unknown>()));
  const present = loaded.get(module.name);
  if (present !== undefined) return present as Exports;
  const memory = memoryObjectOf(backend)!;
  const shared = isShared(memory);
  const key = keyOf(module, shared);
  let code = compiled.get(key);
  if (code === undefined) compiled.set(key, (code = new WebAssembly.Module(bytesOf(module, shared))));
  const { exports } = new WebAssembly.Instance(code, { env: { memory } });
  loaded.set(module.name, exports);
  return exports as Exports;
}
