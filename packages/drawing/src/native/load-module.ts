import type { KernelModule } from './kernel-module.js';

/** (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt): valid where the engine has SIMD. */
// prettier-ignore
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/** All that 32 bits address: what the modules declare of the memory they import. */
export const MAXIMUM_PAGES = 65536;

const compiled = new Map<string, WebAssembly.Module | undefined>();

/**
 * The compiled module, or undefined where the engine has no WebAssembly with SIMD or does not compile it at once (a page whose
 * policy forbids it). Compiled once in a thread.
 */
export function loadModule(module: KernelModule<unknown>): WebAssembly.Module | undefined {
  if (compiled.has(module.name)) return compiled.get(module.name);
  let code: WebAssembly.Module | undefined;
  try {
    if (WebAssembly.validate(Uint8Array.from(SIMD))) {
      code = new WebAssembly.Module(Uint8Array.from(atob(module.simd.base64), (character) => character.charCodeAt(0)));
    }
  } catch {
    code = undefined;
  }
  compiled.set(module.name, code);
  return code;
}
