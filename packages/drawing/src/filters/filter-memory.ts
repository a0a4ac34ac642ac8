import { type GrowableMemory, plainMemory } from '../scene/workspace.js';
import type { FilterKernels } from './filter-kernels.js';
import { typescriptFilters } from './typescript-filters.js';
import { createWasmFilters } from './wasm-filters.js';

const ALIGNMENT = 64;
const PAGE = 65536;

/** Arrays of a call, by what they hold; they are gone with the next call. */
export interface Take {
  bytes(length: number): Uint8Array;
  words(length: number): Uint16Array;
  floats(length: number): Float32Array;
  doubles(length: number): Float64Array;
}

/** Kernels with the memory that they work on. */
export class Filters {
  readonly kernels: FilterKernels;
  readonly #memory: GrowableMemory;

  constructor(kernels: FilterKernels, memory: GrowableMemory) {
    this.kernels = kernels;
    this.#memory = memory;
  }

  /**
   * Working memory for one call: arrays that follow each other, with arbitrary contents.
   *
   * @param bytes no less than all arrays together need
   */
  begin(bytes: number): Take {
    const missing = bytes + 16 * ALIGNMENT - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    const { buffer } = this.#memory;
    let next = ALIGNMENT;
    const place = (length: number): number => {
      const here = next;
      next += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
      return here;
    };
    return {
      bytes: (length) => new Uint8Array(buffer, place(length), length),
      words: (length) => new Uint16Array(buffer, place(2 * length), length),
      floats: (length) => new Float32Array(buffer, place(4 * length), length),
      doubles: (length) => new Float64Array(buffer, place(8 * length), length),
    };
  }
}

/** Filters of a kind; 'auto' takes WebAssembly where it runs. */
export function createFilters(kind: 'auto' | 'typescript' = 'auto'): Filters {
  const native = kind === 'typescript' ? undefined : createWasmFilters();
  return new Filters(native?.kernels ?? typescriptFilters, native?.memory ?? plainMemory());
}

let shared: Filters | undefined;

/** What the filters of a thread share: each runs to its end before another begins. */
export const sharedFilters = (): Filters => (shared ??= createFilters());
